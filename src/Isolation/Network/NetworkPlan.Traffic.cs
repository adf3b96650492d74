using System.Net;
using System.Net.Sockets;
using Isolation.Netlink;
using Isolation.Netlink.Nftables;
using Isolation.Syscalls;

namespace Isolation;

internal sealed partial class NetworkPlan
{
    private IEnumerable<NetworkStep> TrafficSteps()
    {
        foreach (LinkImpairment impairment in _spec.Impairments)
        {
            if (impairment.Outgoing is { } outgoing)
                yield return ImpairOutgoing(impairment.Link, outgoing);
            if (impairment.Incoming is { } incoming)
                yield return ImpairIncoming(_spec.Links.OfType<HostVeth>().Single(v => v.Name == impairment.Link), incoming);
        }

        if (_spec.HasRules || _spec.Forwarding)
        {
            foreach (AddressFamily family in _spec.VethAddresses.Select(a => a.Value.Address.AddressFamily).DefaultIfEmpty(AddressFamily.InterNetwork).Distinct())
                yield return _spec.Forwarding ? ForwardingLease.Step(family) : ForwardingLease.Check(family);
        }

        if (!_spec.HasRules)
            yield break;
        yield return MakeFirewall();
        foreach (IPNetwork network in _spec.VethAddresses.Select(a => a.Network).Distinct().Where(_ => _spec.Nat))
            yield return Masquerade(network);
        foreach (ForwardedPort port in _spec.Ports)
            yield return Forward(port, port.Destination(_spec)!);
    }

    private static NetworkRequest ImpairOutgoing(string link, NetemQdisc netem) => new(
        "impair outgoing packets of",
        link,
        $"tc -n CHILD qdisc add dev {link} root netem {Describe(netem)}",
        (batch, network) => batch.AddQdisc(network.Index(link), netem))
    {
        IsInside = true,
        Hint = NoNetem,
    };

    private static NetworkAction ImpairIncoming(HostVeth veth, NetemQdisc netem) => new(
        "impair incoming packets of",
        veth.Name,
        $"tc qdisc add dev {veth.HostName ?? AnyName} root netem {Describe(netem)}",
        network => network.Host.Client.AddQdisc(network.Host.Client.GetLink(network.HostName(veth)).Index, netem))
    {
        Hint = NoNetem,
    };

    private static string? NoNetem(Errno errno) => errno is Errno.ENOENT or Errno.EOPNOTSUPP ? "This kernel has no netem (CONFIG_NET_SCH_NETEM)" : null;

    private static string Describe(NetemQdisc netem)
        => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"limit {netem.Limit}{(netem.Delay == default ? "" : $" delay {netem.Delay.TotalMilliseconds}ms")}{(netem.Jitter == default ? "" : $" {netem.Jitter.TotalMilliseconds}ms")}{(netem.Loss == 0 ? "" : $" loss {netem.Loss * 100}%")}{(netem.LossModel is null ? "" : " loss ...")}{(netem.Duplicate == 0 ? "" : $" duplicate {netem.Duplicate * 100}%")}{(netem.Corrupt == 0 ? "" : $" corrupt {netem.Corrupt * 100}%")}{(netem.Reorder == 0 ? "" : $" reorder {netem.Reorder * 100}%")}{(netem.Rate is { } rate ? $" rate {rate}" : "")}{(netem.Slot is null ? "" : " slot ...")}");

    // The table belongs to the socket that makes it (NFT_TABLE_F_OWNER), so it goes with this process in any case.
    private static NetworkAction MakeFirewall() => new(
        "make",
        "a table of nf_tables",
        "nft add table inet isolation-XXXXXXXXXXX { flags owner; }",
        static network => network.OpenFirewall())
    {
        Undo = static network => network.CloseFirewall(),
        Hint = static errno => errno is Errno.EPROTONOSUPPORT or Errno.EOPNOTSUPP or Errno.EINVAL ? "This kernel has no nf_tables" : null,
    };

    private static NetworkAction Masquerade(IPNetwork source) => new(
        "masquerade connections from",
        source.ToString(),
        $"nft add rule inet isolation-XXXXXXXXXXX postrouting {Family(source.BaseAddress)} saddr {source} {Family(source.BaseAddress)} daddr != {source} counter masquerade",
        network => network.Firewall.Masquerade($"masquerade {source}", source))
    {
        Hint = NoNat,
    };

    private static NetworkAction Forward(ForwardedPort port, ContainerAddress destination)
    {
        var end = new IPEndPoint(destination.Value.Address, port.ContainerPort);
        string protocol = port.Protocol == ProtocolType.Tcp ? "tcp" : "udp";
        return new(
            $"forward {port} to",
            end.ToString(),
            $"nft add rule inet isolation-XXXXXXXXXXX prerouting {(port.HostAddress is null ? "fib daddr type local" : $"{Family(port.HostAddress)} daddr {port.HostAddress}")} {protocol} dport {port.HostPort} counter dnat to {end}; the same in output; accept it in forward; masquerade what comes from {destination.Network}",
            network => network.Firewall.ForwardPort($"forward {port}", new PortForward(port.Protocol, port.HostPort, end) { Address = port.HostAddress, HairpinNetwork = destination.Network }))
        {
            Hint = NoNat,
        };
    }

    private static string? NoNat(Errno errno) => errno is Errno.ENOENT or Errno.EOPNOTSUPP ? "This kernel has no address translation of nf_tables (CONFIG_NFT_NAT, CONFIG_NFT_MASQ, CONFIG_NFT_FIB_INET)" : null;

    private static string Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6";
}
