using System.Globalization;
using System.Text.Json;

namespace Isolation.Netlink.Tests;

/// <summary>What a network namespace has, a line for each thing, in the words of ip(8): from a model, from lists, and from ip(8) itself.</summary>
internal static class KernelState
{
    public static string[] Of(NetworkModel model) => Lines(model.Links.Values, model.Addresses, model.Routes, model.Neighbors);

    public static string[] Of(RouteClient client) => Lines(client.ListLinks(), client.ListAddresses(), client.ListRoutes(), client.ListNeighbors());

    public static string[] OfIp(TestNetwork network)
        => Sorted(
        [
            .. network.IpJson("link").Select(l => $"link {l.GetProperty("ifindex")} {l.GetProperty("ifname")} mtu {l.GetProperty("mtu")} {l.GetProperty("operstate").GetString()!.ToUpperInvariant()} {Has(l.GetProperty("flags"), "UP")} {l.GetProperty("address").GetString()!.ToLowerInvariant()}"),
            .. network.IpJson("addr").SelectMany(l => l.GetProperty("addr_info").EnumerateArray().Where(a => a.EnumerateObject().Any())
                .Select(a => $"address {l.GetProperty("ifindex")} {a.GetProperty("local").GetString()}/{a.GetProperty("prefixlen")}")),
            .. new[] { "-4 route show table all", "-6 route show table all" }.SelectMany(network.IpJson).Select(Route),
            .. new[] { "-4 neigh show nud permanent", "-6 neigh show nud permanent" }.SelectMany(network.IpJson).Select(n => $"neighbour {n.GetProperty("dst").GetString()} {n.GetProperty("dev").GetString()} {n.GetProperty("lladdr").GetString()!.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant()}"),
        ]);

    private static string[] Lines(IEnumerable<Link> links, IEnumerable<InterfaceAddress> addresses, IEnumerable<Route> routes, IEnumerable<Neighbor> neighbors)
    {
        Dictionary<int, string> names = links.ToDictionary(l => l.Index, l => l.Name);
        return Sorted(
        [
            .. links.Select(l => $"link {l.Index} {l.Name} mtu {l.Mtu} {l.OperationalState.ToString().ToUpperInvariant()} {l.IsUp} {Mac(l)}"),
            .. addresses.Select(a => $"address {a.InterfaceIndex} {a.Address}/{a.PrefixLength}"),
            .. routes.Select(r => $"route {r.Type.ToString().ToLowerInvariant()} {Destination(r)} via {r.Gateway} dev {names.GetValueOrDefault(r.InterfaceIndex)} table {r.Table} metric {r.Metric} ways {string.Join(',', r.NextHops.Select(h => $"{h.Gateway}"))}"),
            .. neighbors.Where(n => n.State == NeighborState.Permanent).Select(n => $"neighbour {n.Address} {names.GetValueOrDefault(n.InterfaceIndex)} {n.LinkLayerAddress}"),
        ]);
    }

    private static string Route(JsonElement route)
    {
        string Text(string name, string otherwise = "") => route.TryGetProperty(name, out JsonElement value) ? value.ToString() : otherwise;
        string table = Text("table", "main") switch
        {
            "main" => "254",
            "local" => "255",
            var number => number,
        };
        string ways = route.TryGetProperty("nexthops", out JsonElement hops) ? string.Join(',', hops.EnumerateArray().Select(h => h.GetProperty("gateway").GetString())) : "";
        return $"route {Text("type", "unicast")} {Text("dst")} via {Text("gateway")} dev {Text("dev")} table {table} metric {Text("metric", "0")} ways {ways}";
    }

    private static string Destination(Route route)
        => route.IsDefault ? "default" : route.Destination.PrefixLength == (route.Destination.BaseAddress.GetAddressBytes().Length * 8) ? route.Destination.BaseAddress.ToString() : route.Destination.ToString();

    private static string Mac(Link link) => string.Join(':', link.Address.GetAddressBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static bool Has(JsonElement flags, string name) => flags.EnumerateArray().Any(f => f.GetString() == name);

    private static string[] Sorted(string[] lines)
    {
        Array.Sort(lines, StringComparer.Ordinal);
        return lines;
    }
}
