using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>Network devices, addresses, routes, ports (network_namespaces(7)).</summary>
public sealed partial class NetworkNamespace : ThreadNamespace, INamespace<NetworkNamespace>
{
    internal NetworkNamespace(SafeFileHandle handle, NamespaceId id)
        : base(handle, id)
    {
    }

    /// <inheritdoc/>
    public override NamespaceKinds Kind => NamespaceKinds.Network;

    static NamespaceKinds INamespace<NetworkNamespace>.OwnKind => NamespaceKinds.Network;
}
