using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>The monotonic and boot-time clocks (time_namespaces(7)).</summary>
public sealed partial class TimeNamespace : Namespace, INamespace<TimeNamespace>
{
    internal TimeNamespace(SafeFileHandle handle, NamespaceId id)
        : base(handle, id)
    {
    }

    /// <inheritdoc/>
    public override NamespaceKinds Kind => NamespaceKinds.Time;

    static NamespaceKinds INamespace<TimeNamespace>.OwnKind => NamespaceKinds.Time;
}
