using System.Text.Json.Nodes;
using Isolation.Netlink;

namespace Isolation.Samples;

/// <summary>A change as JSON for scripts: what happened, how it is known, and the line of ip-monitor(8) with its main values.</summary>
internal static class ChangeJson
{
    public static JsonObject Of(NetworkEvent change, NetworkModel model)
    {
        JsonObject json = change switch
        {
            LinkChanged { Link: var link } => Of("link", false, link.Index, link.Name, new JsonObject { ["mtu"] = link.Mtu, ["operstate"] = link.OperationalState.ToString().ToUpperInvariant(), ["up"] = link.IsUp, ["kind"] = link.Kind?.Name }),
            LinkRemoved { Link: var link } => Of("link", true, link.Index, link.Name, []),
            AddressChanged { Address: var address } => Of("address", false, address.InterfaceIndex, ChangeLine.NameOf(address.InterfaceIndex, model), new JsonObject { ["address"] = address.ToString() }),
            AddressRemoved { Address: var address } => Of("address", true, address.InterfaceIndex, ChangeLine.NameOf(address.InterfaceIndex, model), new JsonObject { ["address"] = address.ToString() }),
            RouteChanged { Route: var route } => OfRoute(route, false, model),
            RouteRemoved { Route: var route } => OfRoute(route, true, model),
            _ => new JsonObject { ["object"] = "overrun" },
        };
        json["source"] = change.Source.ToString().ToLowerInvariant();
        return json;
    }

    private static JsonObject OfRoute(Route route, bool deleted, NetworkModel model)
        => Of("route", deleted, route.InterfaceIndex, route.InterfaceIndex == 0 ? null : ChangeLine.NameOf(route.InterfaceIndex, model), new JsonObject { ["dst"] = route.IsDefault ? "default" : route.Destination.ToString(), ["gateway"] = route.Gateway?.ToString(), ["table"] = route.Table, ["metric"] = route.Metric });

    private static JsonObject Of(string kind, bool deleted, int index, string? name, JsonObject more)
    {
        var json = new JsonObject { ["object"] = kind, ["deleted"] = deleted, ["ifindex"] = index, ["dev"] = name };
        foreach ((string key, JsonNode? value) in more.ToArray())
        {
            more.Remove(key);
            json[key] = value;
        }

        return json;
    }
}
