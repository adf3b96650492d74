using System.Net.NetworkInformation;
using System.Security.Cryptography;
using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>A bridge that containers make and delete together, those of several processes too.</summary>
/// <remarks>
/// A mark on it, its alias, tells it from those of others. Who deletes it first marks it so, then looks for ports. Who joins it first
/// joins, then looks at the mark. The kernel does one after the other, so one of the two sees the other, and gives way. A lock
/// would not do: children that wait at their gates hold copies of it.
/// </remarks>
internal static class BridgeLease
{
    /// <summary>The alias of a bridge that was made here; <c>ip link</c> shows it.</summary>
    public const string Mark = "isolation: goes with its last container", Going = "isolation: is being deleted";

    private const int Attempts = 200;

    private static readonly TimeSpan s_nap = TimeSpan.FromMilliseconds(2);

    /// <summary>Finds or makes it. It comes before the ports.</summary>
    public static NetworkAction Make(HostBridge bridge) => new(
        "make the bridge",
        bridge.Name,
        $"ip link add {bridge.Name} up type bridge, unless it is there{(bridge.Address is null ? "" : $"; ip address add {bridge.Address} dev {bridge.Name}")}",
        network => network.MasterIndexes[bridge.Name] = FindOrMake(bridge, network.Host.Client))
    {
        Undo = network => DeleteIfUnused(bridge.Name, network.Host.Client),
    };

    /// <summary>Joins it, as often as somebody else deletes it meanwhile.</summary>
    public static NetworkAction Join(HostBridge bridge, HostVeth veth, string shownName) => new(
        "join the bridge",
        $"{bridge.Name} with {shownName}",
        $"ip link set {shownName} master {bridge.Name}",
        network =>
        {
            for (int attempt = 1; !TryJoin(bridge, network.Host.Client, network.HostName(veth)); attempt++)
            {
                if (attempt == Attempts)
                    throw new LinuxException("join the bridge", bridge.Name, Errno.EBUSY, "RTM_NEWLINK", "Others keep deleting it");
            }
        });

    private static bool TryJoin(HostBridge bridge, RouteClient client, string port)
    {
        try
        {
            int index = FindOrMake(bridge, client);
            client.ChangeLink(port, new LinkSettings { MasterIndex = index });
            return client.GetLink(index).Alias != Going && client.GetLink(port).MasterIndex == index;
        }
        catch (NetlinkException e) when (e.Errno is Errno.ENODEV or Errno.EINVAL && TryGet(client, port) is not null && TryGet(client, bridge.Name) is null)
        {
            return false;
        }
    }

    private static int FindOrMake(HostBridge bridge, RouteClient client)
    {
        for (int attempt = 1; ; attempt++)
        {
            Link? found = TryGet(client, bridge.Name) ?? TryMake(bridge, client);
            if (found is null)
                continue;
            if (found.Kind is not BridgeLink)
                throw new LinuxException("make the bridge", bridge.Name, Errno.EEXIST, "RTM_NEWLINK", "The host has another link with this name, which is no bridge");
            if (found.Alias is not (Mark or Going))
                return found.Index;
            if (found.Alias == Mark || attempt == Attempts)
            {
                // Whoever wanted to delete it has been killed, if it has the other mark still.
                Furnish(bridge, client, found.Index);
                return found.Index;
            }

            Thread.Sleep(s_nap);
        }
    }

    private static Link? TryMake(HostBridge bridge, RouteClient client)
    {
        // A bridge without an address of its own takes that of its ports, and another when they change, which its neighbours
        // find out late.
        byte[] address = RandomNumberGenerator.GetBytes(6);
        address[0] = (byte)((address[0] & 0xfe) | 2);
        try
        {
            client.AddLink(bridge.Name, new BridgeLink(), new LinkSettings { Address = new PhysicalAddress(address) });
        }
        catch (NetlinkException e) when (e.Errno == Errno.EEXIST)
        {
            return null;
        }

        int index = client.GetLink(bridge.Name).Index;
        try
        {
            Furnish(bridge, client, index);
            return client.GetLink(index);
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

    private static void DeleteIfUnused(string name, RouteClient client)
    {
        if (TryGet(client, name) is not { Kind: BridgeLink, Alias: Mark or Going } found)
            return;
        try
        {
            client.ChangeLink(found.Index, new LinkSettings { Alias = Going });
            if (client.ListLinks(new LinkFilter { MasterIndex = found.Index }).Count == 0)
                client.DeleteLink(found.Index);
            else
                client.ChangeLink(found.Index, new LinkSettings { Alias = Mark });
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENODEV)
        {
            // Another container that ended at the same time has deleted it.
        }
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
}
