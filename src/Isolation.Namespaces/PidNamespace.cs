using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>Process ids (pid_namespaces(7)).</summary>
public sealed partial class PidNamespace : Namespace, INamespace<PidNamespace>
{
    internal PidNamespace(SafeFileHandle handle, NamespaceId id)
        : base(handle, id)
    {
    }

    /// <inheritdoc/>
    public override NamespaceKinds Kind => NamespaceKinds.Pid;

    static NamespaceKinds INamespace<PidNamespace>.OwnKind => NamespaceKinds.Pid;
}
