using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>Mount points (mount_namespaces(7)).</summary>
public sealed partial class MountNamespace : ThreadNamespace, INamespace<MountNamespace>
{
    internal MountNamespace(SafeFileHandle handle, NamespaceId id)
        : base(handle, id)
    {
    }

    /// <inheritdoc/>
    public override NamespaceKinds Kind => NamespaceKinds.Mount;

    static NamespaceKinds INamespace<MountNamespace>.OwnKind => NamespaceKinds.Mount;
}
