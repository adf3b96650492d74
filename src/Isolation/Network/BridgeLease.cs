using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>A bridge that containers make and delete together. A mark on it, its alias, tells it from those of others.</summary>
internal static class BridgeLease
{
    /// <summary>The alias of a bridge that was made here; <c>ip link</c> shows it.</summary>
    public const string Mark = "isolation: goes with its last container";

    // An abstract address belongs to the network namespace, is bound by one socket at a time, and is free again when that has
    // gone, with its process too (unix(7)).
    private const string LockName = "\0isolation.bridges";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5), s_nap = TimeSpan.FromMilliseconds(2);

    public static NetworkAction Step(HostBridge bridge) => new(
        "make the bridge",
        bridge.Name,
        $"ip link add {bridge.Name} up type bridge, unless it is there{(bridge.Address is null ? "" : $"; ip address add {bridge.Address} dev {bridge.Name}")}",
        network =>
        {
            // Until the container's port has joined: another container, of another process even, may be about to delete it.
            network.Held.Add(Lock(network.Host));
            network.MasterIndexes[bridge.Name] = FindOrMake(bridge, network.Host.Client);
        })
    {
        Undo = network =>
        {
            using IDisposable ours = Lock(network.Host);
            DeleteIfUnused(bridge, network.Host.Client);
        },
    };

    private static int FindOrMake(HostBridge bridge, RouteClient client)
    {
        if (TryGet(client, bridge.Name) is { } found)
        {
            if (found.Kind is not BridgeLink)
                throw new LinuxException("make the bridge", bridge.Name, Errno.EEXIST, "RTM_GETLINK", "The host has another link with this name, which is no bridge");
            if (found.Alias == Mark)
                Furnish(bridge, client, found.Index);
            return found.Index;
        }

        // A bridge without an address of its own takes that of its ports, and another when they change, which its neighbours
        // find out late.
        byte[] address = RandomNumberGenerator.GetBytes(6);
        address[0] = (byte)((address[0] & 0xfe) | 2);
        client.AddLink(bridge.Name, new BridgeLink(), new LinkSettings { Address = new PhysicalAddress(address) });
        int index = client.GetLink(bridge.Name).Index;
        try
        {
            Furnish(bridge, client, index);
            return index;
        }
        catch
        {
            client.DeleteLink(index);
            throw;
        }
    }

    private static void Furnish(HostBridge bridge, RouteClient client, int index)
    {
        using RouteBatch batch = client.CreateBatch();
        batch.ChangeLink(index, new LinkSettings { Alias = Mark, IsUp = true });
        if (bridge.Address is { } address)
            batch.ReplaceAddress(address with { InterfaceIndex = index });
        batch.Send();
    }

    private static void DeleteIfUnused(HostBridge bridge, RouteClient client)
    {
        if (TryGet(client, bridge.Name) is { Kind: BridgeLink, Alias: Mark } found && client.ListLinks(new LinkFilter { MasterIndex = found.Index }).Count == 0)
            client.DeleteLink(found.Index);
    }

    private static Link? TryGet(RouteClient client, string name)
    {
        try
        {
            return client.GetLink(name);
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENODEV)
        {
            return null;
        }
    }

    private static Socket Lock(HostNetwork host)
    {
        Socket socket = host.Run(static () => new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified));
        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                socket.Bind(new UnixDomainSocketEndPoint(LockName));
                return socket;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && System.Diagnostics.Stopwatch.GetElapsedTime(begun) < s_patience)
            {
                Thread.Sleep(s_nap);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                throw new LinuxException("wait for", "other starts that make or delete bridges", Errno.EBUSY, "bind", $"The abstract socket address @isolation.bridges stays in use: {e.Message}");
            }
        }
    }
}
