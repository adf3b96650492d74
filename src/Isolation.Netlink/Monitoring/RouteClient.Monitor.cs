using System.Runtime.CompilerServices;
using Isolation.Netlink.Transport;
using Isolation.Syscalls;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The port of the client's socket: what <see cref="NetworkEvent.RequesterPortId"/> is for changes that were made with it.</summary>
    public long PortId => _connection.Socket.PortId;

    /// <summary>Opens a monitor of the client's network namespace. What changes after this is told, even if the monitor is read only later.</summary>
    /// <param name="options">What is told; null: changes of everything.</param>
    /// <exception cref="LinuxException">EPERM: the thread is in another network namespace than the client and has no CAP_NET_ADMIN there; EMFILE and the like.</exception>
    public NetworkMonitor OpenMonitor(MonitorOptions? options = null)
    {
        options ??= new MonitorOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ReceiveBufferSize);
        if ((options.Kinds & MonitoredKinds.All) == 0 || (options.Kinds & ~MonitoredKinds.All) != 0)
            throw new ArgumentException($"This is nothing to monitor: {options.Kinds}.", nameof(options));
        NetlinkSocket socket = _connection.Socket.OpenBeside();
        try
        {
            return new NetworkMonitor(this, socket, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Tells what changes in the client's network namespace, from the first call of MoveNextAsync on, until it is cancelled.</summary>
    /// <param name="options">What is told; null: changes of everything.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="LinuxException">As <see cref="OpenMonitor"/>.</exception>
    public async IAsyncEnumerable<NetworkEvent> MonitorAsync(MonitorOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        NetworkMonitor monitor = OpenMonitor(options);
        await using (monitor.ConfigureAwait(false))
        {
            await foreach (NetworkEvent change in monitor.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return change;
        }
    }
}
