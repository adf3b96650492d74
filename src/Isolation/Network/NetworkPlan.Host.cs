using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation;

internal sealed partial class NetworkPlan
{
    private const string AnyName = "vethXXXXXXXXXXX";

    // Where a kernel looks for the name of a new link on the side that asks, not where the link goes (before Linux 6.15), an
    // "eth0" of the host would be in the way. So the host's end is the link, and the container's its peer.
    private IEnumerable<NetworkStep> HostSteps()
    {
        foreach (string bridge in _spec.Links.OfType<HostVeth>().Select(v => v.Bridge).OfType<string>().Distinct())
            yield return _spec.Bridges.FirstOrDefault(b => b.Name == bridge) is { } made ? BridgeLease.Make(made) : FindBridge(bridge);
        foreach (HostVeth veth in _spec.Links.OfType<HostVeth>())
            yield return AddVeth(veth);
        foreach (HostVeth veth in _spec.Links.OfType<HostVeth>())
        {
            if (Leased(veth) is { } bridge)
                yield return BridgeLease.Join(bridge, veth, veth.HostName ?? AnyName);
        }

        foreach (HostVeth veth in _spec.Links.OfType<HostVeth>().Where(v => v.HostAddress is not null))
        {
            yield return new NetworkAction(
                "give the host's end of the veth its address:",
                $"{veth.Name}, {veth.HostAddress}",
                $"ip address add {veth.HostAddress} dev {veth.HostName ?? AnyName}",
                network => network.Host.Client.AddAddress(veth.HostAddress! with { InterfaceIndex = network.Host.Client.GetLink(network.HostName(veth)).Index }));
        }

        foreach (HostMacvlan macvlan in _spec.Links.OfType<HostMacvlan>())
            yield return AddMacvlan(macvlan);
        foreach (MovedLink moved in _spec.Links.OfType<MovedLink>())
            yield return Loan.Step(moved);
    }

    private static NetworkAction FindBridge(string name) => new(
        "find the bridge",
        name,
        $"ip link show {name} type bridge",
        network =>
        {
            Link link = network.Host.Client.GetLink(name);
            if (link.Kind is not BridgeLink)
                throw new LinuxException("find the bridge", name, Errno.EINVAL, "RTM_GETLINK", $"'{name}' is no bridge but {(link.Kind is null ? "another link" : $"a link of the kind {link.Kind.Name}")}");
            network.MasterIndexes[name] = link.Index;
        })
    {
        Hint = errno => errno == Errno.ENODEV
            ? $"There is no bridge '{name}' on the host. Make it, such as with 'ip link add {name} up type bridge', or let it be made and deleted with the containers: WithBridge(\"{name}\")"
            : null,
    };

    private HostBridge? Leased(HostVeth veth) => _spec.Bridges.FirstOrDefault(b => b.Name == veth.Bridge);

    private NetworkRequest AddVeth(HostVeth veth)
    {
        string? bridge = Leased(veth) is null ? veth.Bridge : null;
        string hostName = veth.HostName ?? AnyName;
        return OnHost(
            "make the veth",
            $"{veth.Name}, with the other end {hostName} on the host",
            $"link add {hostName} up{(bridge is null ? "" : $" master {bridge}")}{(veth.Mtu is null ? "" : $" mtu {veth.Mtu}")} type veth peer {veth.Name} netns CHILD{(veth.Address is null ? "" : $" address {MacAddress.ToText(veth.Address)}")}{(veth.Mtu is null ? "" : $" mtu {veth.Mtu}")}",
            (batch, network) => batch.AddLink(
                network.HostName(veth),
                new VethLink { Peer = new LinkSettings { Name = veth.Name, NetworkNamespace = network.Namespace, Mtu = veth.Mtu, Address = veth.Address } },
                new LinkSettings { IsUp = true, Mtu = veth.Mtu, MasterIndex = bridge is null ? null : network.MasterIndexes[bridge] })) with
        {
            Hint = errno => errno == Errno.EEXIST ? $"The host has a link '{hostName}' already; leave the name of the other end out, or give another" : null,

            // The kernel deletes it too when the namespace ends, but some time afterwards.
            Undo = network => DeleteLink(network.Host.Client, network.HostName(veth)),
        };
    }

    private static NetworkAction AddMacvlan(HostMacvlan macvlan)
    {
        return new(
            "make the macvlan",
            $"{macvlan.Name} on {macvlan.Parent}",
            $"ip link add {macvlan.Name} link {macvlan.Parent} netns CHILD type macvlan mode bridge",
            network =>
            {
                // As with the veth: some kernels would find the host's link of that name. So it gets its name once it is there.
                int parent = network.Host.Client.GetLink(macvlan.Parent).Index;
                string temporary = ContainerNetwork.NewName();
                network.Host.Client.AddLink(temporary, new MacvlanLink { Mode = MacvlanMode.Bridge }, new LinkSettings { ParentIndex = parent, NetworkNamespace = network.Namespace });
                network.Inside.ChangeLink(network.Inside.GetLink(temporary).Index, new LinkSettings { Name = macvlan.Name });
            })
        {
            Hint = errno => errno switch
            {
                Errno.ENODEV => $"The host has no link '{macvlan.Parent}'",
                Errno.EBUSY => $"'{macvlan.Parent}' is a port of a bridge or has links of another kind on it (ip-link(8))",
                Errno.EINVAL => $"A macvlan needs an Ethernet link, which '{macvlan.Parent}' may not be",
                Errno.EOPNOTSUPP => "This kernel has no macvlan",
                _ => null,
            },
        };
    }

    private static void DeleteLink(RouteClient client, string name)
    {
        try
        {
            client.DeleteLink(name);
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENODEV)
        {
            // The namespace with the other end has ended already.
        }
    }
}
