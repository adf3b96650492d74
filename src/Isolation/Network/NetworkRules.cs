using System.Net;
using System.Net.Sockets;

namespace Isolation;

/// <summary>What must hold between the parts of a network's description. The kernel would refuse most of it too, but only once the container is half made.</summary>
internal static class NetworkRules
{
    private const string Loopback = "lo";

    /// <exception cref="ArgumentException">Two parts contradict each other.</exception>
    public static void Check(NetworkSpec spec)
    {
        HashSet<string> inside = [Loopback];
        foreach (ContainerLink link in spec.Links)
        {
            AddNew(inside, link.Name, $"the {link.Kind}");
            if ((link as InnerLink)?.PeerName is { } peer)
                AddNew(inside, peer, "the peer of a veth");
        }

        CheckHost(spec);
        CheckInnerLinks(spec, inside);
        foreach (ContainerAddress address in spec.Addresses)
        {
            Known(inside, address.Link, $"The address {address.Value}");
            if (spec.Addresses.Count(a => a.Link == address.Link && a.Value.Address.Equals(address.Value.Address)) > 1)
                throw new ArgumentException($"The link '{address.Link}' is given the address {address.Value.Address} twice.");
        }

        foreach (ContainerRoute route in spec.Routes)
            CheckRoute(spec, route, inside);
        CheckTraffic(spec, inside);
    }

    private static void CheckTraffic(NetworkSpec spec, HashSet<string> inside)
    {
        foreach (LinkImpairment impairment in spec.Impairments)
        {
            Known(inside, impairment.Link, "What happens to packets");
            if (spec.Impairments.Count(i => i.Link == impairment.Link) > 1)
                throw new ArgumentException($"What happens to packets of '{impairment.Link}' is said twice.");
            if (impairment.Incoming is not null && !spec.Links.Any(l => l is HostVeth && l.Name == impairment.Link))
                throw new ArgumentException($"Incoming packets of '{impairment.Link}' cannot be impaired: that is done at the other end, which only a link of WithVeth has.");
        }

        if (spec.Nat && !spec.VethAddresses.Any())
            throw new ArgumentException("WithNat needs a veth with an address: WithVeth(\"eth0\", \"10.0.0.2/24\", ...).");
        foreach (ForwardedPort port in spec.Ports)
        {
            if (port.Destination(spec) is null)
                throw new ArgumentException($"The {port} leads nowhere: no veth has an address{(port.HostAddress is null ? "" : $" of the family of {port.HostAddress}")}.");
            if (spec.Ports.Count(p => p.Protocol == port.Protocol && p.HostPort == port.HostPort && (p.HostAddress is null || port.HostAddress is null || p.HostAddress.Equals(port.HostAddress))) > 1)
                throw new ArgumentException($"The {port} of the host is given twice.");
        }
    }

    /// <exception cref="ArgumentException">The gateway cannot be reached over the link that has the address.</exception>
    public static void CheckGateway(IPAddress gateway, ContainerAddress address, string parameter)
    {
        if (gateway.Equals(address.Value.Address))
            throw new ArgumentException($"The gateway {gateway} is the container's own address.", parameter);
        if (gateway.AddressFamily != address.Value.Address.AddressFamily || (!address.Network.Contains(gateway) && !gateway.IsIPv6LinkLocal))
            throw new ArgumentException($"The gateway {gateway} is not in the network {address.Network} of {address.Link}.", parameter);
    }

    private static void CheckHost(NetworkSpec spec)
    {
        HashSet<string> bridges = [], hostNames = [];
        foreach (HostBridge bridge in spec.Bridges)
        {
            if (!bridges.Add(bridge.Name))
                throw new ArgumentException($"The bridge '{bridge.Name}' is described twice.");
            if (!spec.Links.OfType<HostVeth>().Any(v => v.Bridge == bridge.Name))
                throw new ArgumentException($"The bridge '{bridge.Name}' is described, but no veth joins it: WithVeth(..., bridge: \"{bridge.Name}\").");
        }

        IEnumerable<string> names = spec.Links.Select(l => (l as HostVeth)?.HostName ?? (l as MovedLink)?.HostName).OfType<string>().Concat(bridges);
        foreach (string name in names)
        {
            if (!hostNames.Add(name))
                throw new ArgumentException($"The name '{name}' is given to two links of the host.");
        }
    }

    private static void CheckInnerLinks(NetworkSpec spec, HashSet<string> inside)
    {
        HashSet<string> before = [Loopback, .. spec.Links.Where(l => l.IsOfHost).Select(l => l.Name)];
        foreach (InnerLink link in spec.Links.OfType<InnerLink>())
        {
            if (link.Master is not null)
                Known(inside, link.Master, $"The master of '{link.Name}'");
            if (link.Master == link.Name)
                throw new ArgumentException($"The link '{link.Name}' cannot be its own master.");
            if (link.Parent is not null && !before.Contains(link.Parent))
                throw new ArgumentException($"The link '{link.Name}' is built on '{link.Parent}', which is not described before it.");
            before.Add(link.Name);
            if (link.PeerName is not null)
                before.Add(link.PeerName);
        }
    }

    private static void CheckRoute(NetworkSpec spec, ContainerRoute route, HashSet<string> inside)
    {
        if (route.Link is not null)
            Known(inside, route.Link, $"The route {route.Value}");
        if (spec.Routes.Count(r => r.Value.Destination.Equals(route.Value.Destination)) > 1)
            throw new ArgumentException(route.Value.IsDefault ? $"There are two default routes of one family, {string.Join(" and ", spec.Routes.Where(r => r.Value.Destination.Equals(route.Value.Destination)).Select(r => r.Value))}." : $"There are two routes to {route.Value.Destination}.");
        if (route.Value.Gateway is not { } gateway)
            return;
        if (gateway.AddressFamily != route.Value.Destination.BaseAddress.AddressFamily)
            throw new ArgumentException($"The gateway {gateway} and the destination {route.Value.Destination} are of two families.");
        if (spec.Addresses.Any(a => a.Value.Address.Equals(gateway)))
            throw new ArgumentException($"The gateway {gateway} is the container's own address.");
        if (gateway is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: true })
        {
            if (route.Link is null)
                throw new ArgumentException($"The gateway {gateway} is known on its link only; name that.");
            return;
        }

        bool isReached = spec.Addresses.Any(a => (route.Link ?? a.Link) == a.Link && a.Network.Contains(gateway))
            || spec.Routes.Any(r => r.Value.Gateway is null && (route.Link ?? r.Link) == r.Link && r.Value.Destination.Contains(gateway));
        if (!isReached)
            throw new ArgumentException($"The gateway {gateway} is in no network of {(route.Link is null ? "the container" : $"'{route.Link}'")}. Give a link an address there, or add a route to it without a gateway.");
    }

    private static void AddNew(HashSet<string> names, string name, string what)
    {
        if (!names.Add(name))
            throw new ArgumentException(name == Loopback ? $"{what} cannot be named '{Loopback}': every network namespace has that." : $"Two links inside are named '{name}'.");
    }

    private static void Known(HashSet<string> names, string name, string what)
    {
        if (!names.Contains(name))
            throw new ArgumentException($"{what} is for the link '{name}', which is not described. There are: {string.Join(", ", names)}.");
    }
}
