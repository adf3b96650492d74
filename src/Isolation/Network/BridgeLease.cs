using System.Diagnostics.CodeAnalysis;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>A bridge that containers make and delete together, those of several processes too.</summary>
/// <remarks>
/// A mark on it, its alias, tells it from those of others. Who deletes it first marks it so, then looks for ports. Who joins it first
/// joins, then looks at the mark. The kernel does one after the other, so one of the two sees the other, and gives way. Each who
/// deletes has a mark of its own, and goes on only while that is there: else another one does. A file lock would not do: children
/// that wait at their gates hold copies of it.
/// </remarks>
internal static class BridgeLease
{
    /// <summary>The alias of a bridge that was made here; <c>ip link</c> shows it.</summary>
    public const string Mark = "isolation: goes with its last container", Going = "isolation: is being deleted by ";

    private const int Attempts = 200;

    private static readonly TimeSpan s_nap = TimeSpan.FromMilliseconds(2);
    private static readonly Lock s_deleting = new();

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
        int index = FindOrMake(bridge, client);
        try
        {
            client.ChangeLink(port, new LinkSettings { MasterIndex = index });
            return !IsGoing(client.GetLink(index)) && client.GetLink(port).MasterIndex == index;
        }
        catch (NetlinkException e) when (e.Errno is Errno.ENODEV or Errno.EINVAL && client.TryGetLink(port, out _) && !client.TryGetLink(index, out _))
        {
            return false;
        }
    }

    private static int FindOrMake(HostBridge bridge, RouteClient client)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (!client.TryGetLink(bridge.Name, out Link? found) && !TryMake(bridge, client, out found))
                continue;
            if (found.Kind is not BridgeLink)
                throw new LinuxException("make the bridge", bridge.Name, Errno.EEXIST, "RTM_NEWLINK", "The host has another link with this name, which is no bridge");
            if (IsGoing(found) && attempt < Attempts)
            {
                Thread.Sleep(s_nap);
                continue;
            }

            // Whoever wanted to delete it has been killed, if it has that mark still. A mark that is right is left alone: meanwhile
            // somebody may have set another one.
            if (found.Alias == Mark || IsGoing(found))
                TryFurnish(bridge, client, found.Index, isNew: IsGoing(found));
            return found.Index;
        }
    }

    private static bool TryMake(HostBridge bridge, RouteClient client, [NotNullWhen(true)] out Link? made)
    {
        // A bridge without an address of its own takes that of its ports, and another when they change, which its neighbours
        // find out late.
        byte[] address = RandomNumberGenerator.GetBytes(6);
        address[0] = (byte)((address[0] & 0xfe) | 2);
        made = null;
        try
        {
            client.AddLink(bridge.Name, new BridgeLink(), new LinkSettings { Address = new PhysicalAddress(address) });
        }
        catch (NetlinkException e) when (e.Errno == Errno.EEXIST)
        {
            return false;
        }

        int index = client.GetLink(bridge.Name).Index;
        try
        {
            Furnish(bridge, client, index, isNew: true);
            made = client.GetLink(index);
            return true;
        }
        catch
        {
            client.DeleteLink(index);
            throw;
        }
    }

    // It may be gone meanwhile, which who joins it sees.
    private static void TryFurnish(HostBridge bridge, RouteClient client, int index, bool isNew)
    {
        try
        {
            Furnish(bridge, client, index, isNew);
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENODEV)
        {
        }
    }

    private static void Furnish(HostBridge bridge, RouteClient client, int index, bool isNew)
    {
        using RouteBatch batch = client.CreateBatch();
        batch.ChangeLink(index, new LinkSettings { Alias = isNew ? Mark : null, IsUp = true });
        if (bridge.Address is { } address)
            batch.ReplaceAddress(address with { InterfaceIndex = index });
        batch.Send();
    }

    private static void DeleteIfUnused(string name, RouteClient client)
    {
        string going = Going + RandomNumberGenerator.GetHexString(16, lowercase: true);
        lock (s_deleting)
        {
            try
            {
                if (!client.TryGetLink(name, out Link? found) || found.Kind is not BridgeLink || !(found.Alias == Mark || IsGoing(found)))
                    return;
                client.ChangeLink(found.Index, new LinkSettings { Alias = going });
                bool isUsed = client.ListLinks(new LinkFilter { MasterIndex = found.Index }).Count > 0;
                if (client.GetLink(found.Index).Alias != going)
                    return;
                if (isUsed)
                    client.ChangeLink(found.Index, new LinkSettings { Alias = Mark });
                else
                    client.DeleteLink(found.Index);
            }
            catch (NetlinkException e) when (e.Errno == Errno.ENODEV)
            {
                // Another container that ended at the same time has deleted it.
            }
        }
    }

    private static bool IsGoing(Link bridge) => bridge.Alias?.StartsWith(Going, StringComparison.Ordinal) == true;
}
