using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Isolation.Netlink;

namespace Isolation.Samples;

/// <summary>A change as <c>ip -oneline monitor</c> writes it, without what the library does not tell (the queueing discipline).</summary>
internal static class ChangeLine
{
    private static readonly (LinkFlags Flag, string Name)[] s_flags =
    [
        (LinkFlags.Loopback, "LOOPBACK"), (LinkFlags.Broadcast, "BROADCAST"), (LinkFlags.PointToPoint, "POINTOPOINT"), (LinkFlags.Multicast, "MULTICAST"), (LinkFlags.NoArp, "NOARP"),
        (LinkFlags.AllMulticast, "ALLMULTI"), (LinkFlags.Promiscuous, "PROMISC"), (LinkFlags.Up, "UP"), (LinkFlags.LowerUp, "LOWER_UP"), (LinkFlags.Dormant, "DORMANT"),
    ];

    public static MonitoredKinds KindOf(NetworkEvent change) => change switch
    {
        LinkChanged or LinkRemoved => MonitoredKinds.Links,
        AddressChanged or AddressRemoved => MonitoredKinds.Addresses,
        RouteChanged or RouteRemoved => MonitoredKinds.Routes,
        _ => MonitoredKinds.None,
    };

    public static string Of(NetworkEvent change, NetworkModel model, bool isLabelled)
        => ToLine(change, model, isLabelled).TrimEnd();

    private static string ToLine(NetworkEvent change, NetworkModel model, bool isLabelled) => change switch
    {
        LinkChanged { Link: var link } => Label("LINK", isLabelled) + Of(link, model),
        LinkRemoved { Link: var link } => Label("LINK", isLabelled) + "Deleted " + Of(link, model),
        AddressChanged { Address: var address } => Label("ADDR", isLabelled) + Of(address, model),
        AddressRemoved { Address: var address } => Label("ADDR", isLabelled) + "Deleted " + Of(address, model),
        RouteChanged { Route: var route } => Label("ROUTE", isLabelled) + Of(route, model),
        RouteRemoved { Route: var route } => Label("ROUTE", isLabelled) + "Deleted " + Of(route, model),
        Overrun => "Some messages were lost; what is different now follows",
        _ => "",
    };

    private static string Label(string name, bool isLabelled) => isLabelled ? $"[{name}]" : "";

    public static string NameOf(int index, NetworkModel model) => model.Links.TryGetValue(index, out Link? link) ? link.Name : string.Create(CultureInfo.InvariantCulture, $"if{index}");

    private static string Of(Link link, NetworkModel model)
    {
        List<string> flags = [.. s_flags.Where(f => link.Flags.HasFlag(f.Flag)).Select(f => f.Name)];
        if (link.IsUp && !link.Flags.HasFlag(LinkFlags.Running))
            flags.Insert(0, "NO-CARRIER");
        string parent = link.ParentNamespaceId is not null ? string.Create(CultureInfo.InvariantCulture, $"@if{link.ParentIndex}") : link.ParentIndex != 0 ? "@" + NameOf(link.ParentIndex, model) : "";
        var line = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{link.Index}: {link.Name}{parent}: <{string.Join(',', flags)}> mtu {link.Mtu} "));
        if (link.MasterIndex != 0)
            line.Append("master ").Append(NameOf(link.MasterIndex, model)).Append(' ');
        line.Append("state ").Append(link.OperationalState.ToString().ToUpperInvariant()).Append(" group ").Append(link.Group == 0 ? "default" : link.Group.ToString(CultureInfo.InvariantCulture)).Append(' ');
        line.Append(@"\    link/").Append(link.HardwareType == 772 ? "loopback" : link.HardwareType == 1 ? "ether" : link.HardwareType.ToString(CultureInfo.InvariantCulture));
        line.Append(' ').Append(Hardware(link.Address)).Append(" brd ").Append(Hardware(link.Broadcast));
        return line.ToString();
    }

    private static string Of(InterfaceAddress address, NetworkModel model)
    {
        bool isV6 = address.Address.AddressFamily == AddressFamily.InterNetworkV6;
        var line = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{address.InterfaceIndex}: {NameOf(address.InterfaceIndex, model)}    {(isV6 ? "inet6" : "inet")} {address.Address}"));
        if (address.Peer is not null)
            line.Append(" peer ").Append(address.Peer);
        line.Append(CultureInfo.InvariantCulture, $"/{address.PrefixLength} ");
        if (address.Broadcast is not null)
            line.Append("brd ").Append(address.Broadcast).Append(' ');
        line.Append("scope ").Append(ScopeName(address.Scope)).Append(' ');
        foreach ((AddressFlags flag, string name) in (ReadOnlySpan<(AddressFlags, string)>)[(AddressFlags.Secondary, isV6 ? "temporary" : "secondary"), (AddressFlags.Tentative, "tentative"), (AddressFlags.Deprecated, "deprecated"), (AddressFlags.NoDuplicateDetection, "nodad"), (AddressFlags.NoPrefixRoute, "noprefixroute")])
        {
            if (address.Flags.HasFlag(flag))
                line.Append(name).Append(' ');
        }

        if (!isV6 && !address.Flags.HasFlag(AddressFlags.Permanent))
            line.Append("dynamic ");
        line.Append(address.Label).Append(@"\       valid_lft ").Append(Lifetime(address.ValidLifetime)).Append(" preferred_lft ").Append(Lifetime(address.PreferredLifetime));
        return line.ToString();
    }

    private static string Of(Route route, NetworkModel model)
    {
        var line = new StringBuilder(route.Type == RouteType.Unicast ? "" : route.Type.ToString().ToLowerInvariant() + " ");
        line.Append(route.IsDefault ? "default" : IsOneAddress(route) ? route.Destination.BaseAddress.ToString() : route.Destination.ToString()).Append(' ');
        if (route.Source is { } source)
            line.Append("from ").Append(source).Append(' ');
        if (route.NextHopId is { } id)
            line.Append(CultureInfo.InvariantCulture, $"nhid {id} ");
        if (route.Gateway is not null)
            line.Append("via ").Append(route.Gateway.AddressFamily == route.Destination.BaseAddress.AddressFamily ? "" : route.Gateway.AddressFamily == AddressFamily.InterNetworkV6 ? "inet6 " : "inet ").Append(route.Gateway).Append(' ');
        if (route.InterfaceIndex != 0)
            line.Append("dev ").Append(NameOf(route.InterfaceIndex, model)).Append(' ');
        if (route.Table != RouteTable.Main)
            line.Append("table ").Append(route.Table == RouteTable.Local ? "local" : route.Table.ToString(CultureInfo.InvariantCulture)).Append(' ');
        if (route.Protocol is { } protocol && protocol != RouteProtocol.Boot)
            line.Append("proto ").Append(protocol == RouteProtocol.RouterAdvertisement ? "ra" : protocol.ToString().ToLowerInvariant()).Append(' ');
        if (route.Scope is { } scope && scope != RouteScope.Universe)
            line.Append("scope ").Append(ScopeName(scope)).Append(' ');
        if (route.PreferredSource is not null)
            line.Append("src ").Append(route.PreferredSource).Append(' ');
        if (route.Metric != 0 || route.Destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6)
            line.Append(CultureInfo.InvariantCulture, $"metric {route.Metric} ");
        if (route.IsOnLink)
            line.Append("onlink ");
        foreach (NextHop hop in route.NextHops)
            line.Append(CultureInfo.InvariantCulture, $"\\\tnexthop {(hop.Gateway is null ? "" : $"via {hop.Gateway} ")}dev {NameOf(hop.InterfaceIndex, model)} weight {hop.Weight} ");
        return line.ToString();
    }

    private static bool IsOneAddress(Route route) => route.Destination.PrefixLength == (route.Destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);

    private static string ScopeName(RouteScope scope) => scope == RouteScope.Universe ? "global" : scope.ToString().ToLowerInvariant();

    private static string Lifetime(TimeSpan? time) => time is { } some ? string.Create(CultureInfo.InvariantCulture, $"{some.TotalSeconds:f0}sec") : "forever";

    private static string Hardware(PhysicalAddress address) => string.Join(':', address.GetAddressBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
}
