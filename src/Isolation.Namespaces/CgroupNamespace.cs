using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>The root of the visible cgroup tree (cgroup_namespaces(7)).</summary>
public sealed partial class CgroupNamespace : ThreadNamespace, INamespace<CgroupNamespace>
{
    internal CgroupNamespace(SafeFileHandle handle, NamespaceId id)
        : base(handle, id)
    {
    }

    /// <inheritdoc/>
    public override NamespaceKinds Kind => NamespaceKinds.Cgroup;

    static NamespaceKinds INamespace<CgroupNamespace>.OwnKind => NamespaceKinds.Cgroup;
}
