using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink;

/// <summary>A client of rtnetlink(7): the links, addresses and routes of one network namespace.</summary>
/// <remarks>
/// It can be used from any thread; what several threads ask at once is done one after the other. The kernel answers while
/// it is asked, so nothing here waits.
/// </remarks>
public sealed partial class RouteClient : RouteChanges, IDisposable
{
    private readonly NetlinkConnection _connection;

    private RouteClient(NetlinkSocket socket) => _connection = new NetlinkConnection(socket);

    internal NetlinkConnection Connection => _connection;

    /// <summary>Messages of others than the kernel that were dropped. Such messages need CAP_NET_ADMIN in the network namespace.</summary>
    public long ForgedMessages => _connection.Socket.ForgedMessages;

    /// <summary>Opens a client for the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public static RouteClient Open() => new(NetlinkSocket.Open());

    /// <summary>Opens a client for another network namespace. It works from every thread and holds the namespace; the handle is not needed any more.</summary>
    /// <param name="networkNamespace">A descriptor of a network namespace, such as one of <c>/proc/PID/ns/net</c>.</param>
    /// <exception cref="LinuxException">EINVAL: it is of no network namespace; EPERM: it may not be entered (setns(2)).</exception>
    public static RouteClient Open(SafeFileHandle networkNamespace)
    {
        ArgumentNullException.ThrowIfNull(networkNamespace);
        return new RouteClient(NetlinkSocket.Open(networkNamespace));
    }

    /// <summary>Takes over a netlink socket that somebody else opened, in whatever network namespace: with privileges that this process may not have.</summary>
    /// <exception cref="LinuxException">EINVAL and the like: it is no such socket. It is closed.</exception>
    internal static RouteClient OfSocket(SafeFileHandle socket) => new(NetlinkSocket.Adopt(socket));

    /// <summary>A batch of changes, to be sent through this client.</summary>
    public RouteBatch CreateBatch() => new(_connection);

    /// <summary>Closes the socket. What was made stays.</summary>
    public void Dispose() => _connection.Dispose();

    private protected override void Submit<TBody>(in RequestDescription description, TBody body) => _connection.Execute(description, body);

    private protected override void SubmitBoth<TFirst, TSecond>(in RequestDescription first, TFirst firstBody, in RequestDescription second, TSecond secondBody)
        => _connection.ExecuteBoth(first, firstBody, second, secondBody);
}
