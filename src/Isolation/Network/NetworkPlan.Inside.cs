using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation;

internal sealed partial class NetworkPlan
{
    private IEnumerable<NetworkStep> InnerSteps()
    {
        foreach (InnerLink link in _spec.Links.OfType<InnerLink>())
            yield return AddInner(link);

        // The kernel numbers the links, so they are asked for once; everything after it goes by the numbers.
        yield return new NetworkAction("look for", "the links inside", "ip -n CHILD link show", static network => network.FindLinks()) { IsInside = true };
        foreach (InnerLink link in _spec.Links.OfType<InnerLink>().Where(l => l.Master is not null))
        {
            yield return Inside(
                "make the link a port:",
                $"{link.Name} of {link.Master}",
                $"link set {link.Name} master {link.Master}",
                (batch, network) => batch.ChangeLink(network.Index(link.Name), new LinkSettings { MasterIndex = network.Index(link.Master!) }));
        }

        foreach (string name in _spec.Links.Select(l => l.Name).Concat(_spec.Links.OfType<InnerLink>().Select(l => l.PeerName).OfType<string>()))
            yield return Inside("switch on", name, $"link set {name} up", (batch, network) => batch.ChangeLink(network.Index(name), new LinkSettings { IsUp = true }));
        foreach (ContainerAddress address in _spec.Addresses)
            yield return AddAddress(address);

        // A gateway can lie behind a route that has none.
        foreach (ContainerRoute route in _spec.Routes.OrderBy(r => r.Value.Gateway is not null))
            yield return AddRoute(route);
    }

    private static NetworkAction AddInner(InnerLink link)
    {
        string parent = link.Parent is null ? "" : $" link {link.Parent}";
        return new(
            $"make the {link.Kind}",
            link.Name,
            $"ip -n CHILD link add {link.Name}{parent} type {link.Kind}{(link.PeerName is null ? "" : $" peer {link.PeerName}")}",
            network => network.Inside.AddLink(
                link.Name,
                link.LinkKind,
                new LinkSettings { ParentIndex = link.Parent is null ? null : network.Inside.GetLink(link.Parent).Index }))
        {
            IsInside = true,
            Hint = errno => errno == Errno.EOPNOTSUPP ? $"This kernel has no links of the kind {link.Kind}" : null,
        };
    }

    private static NetworkRequest AddAddress(ContainerAddress address) => Inside(
        "add the address",
        $"{address.Value} to {address.Link}",
        $"address add {address.Value} dev {address.Link}{(address.Value.Flags == AddressFlags.None ? "" : " nodad")}",
        (batch, network) => batch.AddAddress(address.Value with { InterfaceIndex = network.Index(address.Link) })) with
    {
        Hint = errno => errno switch
        {
            Errno.EEXIST => $"'{address.Link}' has it already",
            Errno.EACCES or Errno.EPERM when address.Value.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 => "IPv6 may be switched off (net.ipv6.conf.all.disable_ipv6)",
            Errno.EOPNOTSUPP => "This kernel has no IPv6",
            _ => null,
        },
    };

    private static NetworkRequest AddRoute(ContainerRoute route) => Inside(
        "add the route",
        route.Value.ToString(),
        $"route add {route.Value}{(route.Link is null ? "" : $" dev {route.Link}")}",
        (batch, network) => batch.AddRoute(route.Value with { InterfaceIndex = route.Link is null ? 0 : network.Index(route.Link) })) with
    {
        Hint = errno => errno switch
        {
            Errno.ENETUNREACH or Errno.EHOSTUNREACH => $"No link has a network with the gateway {route.Value.Gateway}",
            Errno.EEXIST => "There is such a route already; the kernel makes one for the network of each address",
            _ => null,
        },
    };
}
