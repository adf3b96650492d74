using Isolation.Namespaces;
using Isolation.Namespaces.Visits;
using Isolation.Netlink;
using Isolation.Syscalls.Children;

namespace Isolation;

/// <summary>The network namespace outside of a container: the manager's, or another that the caller names.</summary>
internal sealed class HostNetwork : IDisposable
{
    private readonly NetworkNamespace? _other;

    private HostNetwork(NetworkNamespace? other, RouteClient client)
    {
        _other = other;
        Client = client;
    }

    public RouteClient Client { get; }

    /// <summary>For which families forwarding is on because of the container.</summary>
    public List<System.Net.Sockets.AddressFamily> Leases { get; } = [];

    /// <summary>Opens it. Containers come from the home thread's namespaces, wherever the caller's thread is.</summary>
    public static HostNetwork Open(NetworkSpec spec)
    {
        if (spec.Host is null)
            return new HostNetwork(null, HomeThread.Run(RouteClient.Open));

        // A handle of its own: the caller's is needed until the container has started only.
        var other = (NetworkNamespace)Namespace.Open($"/proc/self/fd/{spec.Host.Handle.DangerousGetHandle()}", NamespaceKinds.Network);
        try
        {
            return new HostNetwork(other, RouteClient.Open(other.Handle));
        }
        catch
        {
            other.Dispose();
            throw;
        }
    }

    /// <summary>The namespace of a description. It belongs to somebody else.</summary>
    public static NetworkNamespace NamespaceOf(NetworkSpec spec) => spec.Host ?? (NetworkNamespace)Home.Get(NamespaceKinds.Network);

    /// <summary>The namespace. It belongs to this object, or to the process.</summary>
    public NetworkNamespace OwnNamespace => _other ?? (NetworkNamespace)Home.Get(NamespaceKinds.Network);

    /// <summary>Runs a short function in the namespace.</summary>
    public T Run<T>(Func<T> function) => _other is null ? HomeThread.Run(function) : _other.Run(function);

    public void Dispose()
    {
        Client.Dispose();
        _other?.Dispose();
    }
}
