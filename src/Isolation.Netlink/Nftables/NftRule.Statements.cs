using System.Net;
using System.Net.Sockets;

namespace Isolation.Netlink.Nftables;

public sealed partial record NftRule
{
    /// <summary>Counts: <c>counter</c>.</summary>
    public NftRule Count() => Append(new CounterExpression());

    /// <summary>Counts with a counter that has a name: <c>counter name "web"</c>.</summary>
    public NftRule Count(string counter) => Append(ObjectReferenceExpression.Counter(counter));

    /// <summary>Logs: <c>log prefix "dropped: "</c>.</summary>
    public NftRule Log(string? prefix = null, NftLogLevel? level = null) => Append(new LogExpression(prefix) { Level = level });

    /// <summary>Goes on only as often as a rate allows: <c>limit rate 10/second</c>.</summary>
    /// <param name="rate">How many packets.</param>
    /// <param name="unit">In which time: a whole number of seconds.</param>
    /// <param name="burst">How many may come at once.</param>
    public NftRule Limit(ulong rate, TimeSpan unit, uint burst = 5) => Append(new LimitExpression(rate, unit) { Burst = burst });

    /// <summary>Sets the packet's mark: <c>meta mark set 1</c>.</summary>
    public NftRule SetMark(uint mark)
        => Append(new ImmediateExpression(NftRegister.First, NftData.FromNumber(mark)), new MetaExpression(NftMetaKey.Mark) { IsSet = true });

    /// <summary>Decides.</summary>
    public NftRule Decide(NftVerdict verdict) => Append(new VerdictExpression(verdict));

    /// <summary>The packet goes on: <c>accept</c>.</summary>
    public NftRule Accept() => Decide(NftVerdict.Accept);

    /// <summary>The packet ends here: <c>drop</c>.</summary>
    public NftRule Drop() => Decide(NftVerdict.Drop);

    /// <summary>Goes through another chain, and back: <c>jump web</c>.</summary>
    public NftRule Jump(string chain) => Decide(NftVerdict.Jump(chain));

    /// <summary>The packet ends here and its sender is told, with ICMP, that the port is unreachable: <c>reject</c>.</summary>
    public NftRule Reject() => Append(Family switch
    {
        // ICMP_PORT_UNREACH, ICMPV6_PORT_UNREACH, NFT_REJECT_ICMPX_PORT_UNREACH.
        NftFamily.IPv4 => new RejectExpression(NftRejection.Icmp, 3),
        NftFamily.IPv6 => new RejectExpression(NftRejection.Icmp, 4),
        _ => new RejectExpression(NftRejection.IcmpOfEither, 1),
    });

    /// <summary>The packet ends here and its TCP connection is reset: <c>reject with tcp reset</c>.</summary>
    public NftRule RejectWithReset() => MatchProtocol(ProtocolType.Tcp).Append(new RejectExpression(NftRejection.TcpReset));

    /// <summary>Connections get the address of the link that they leave by: <c>masquerade</c>. For a chain of the type nat at postrouting.</summary>
    public NftRule Masquerade(NftNatOptions flags = NftNatOptions.None) => Append(new MasqueradeExpression { Flags = flags });

    /// <summary>Connections get another source: <c>snat to 192.0.2.1</c>. For a chain of the type nat at postrouting or input.</summary>
    public NftRule SourceNat(IPAddress address, ushort? port = null) => Nat(NftNatKind.Source, address, port);

    /// <summary>Connections get another destination: <c>dnat to 10.0.0.2:80</c>. For a chain of the type nat at prerouting or output.</summary>
    public NftRule DestinationNat(IPAddress address, ushort? port = null) => Nat(NftNatKind.Destination, address, port);

    /// <summary>Connections lead to this machine: <c>redirect to :8080</c>. For a chain of the type nat at prerouting or output.</summary>
    public NftRule Redirect(ushort? port = null)
        => port is { } known
            ? Append(new ImmediateExpression(NftRegister.First, NftData.FromPort(known)), new RedirectExpression { Port = NftRegister.First, Flags = NftNatOptions.Ports })
            : Append(new RedirectExpression());

    private NftRule Nat(NftNatKind kind, IPAddress address, ushort? port)
    {
        NftRule rule = Append(new ImmediateExpression(NftRegister.First, NftData.FromAddress(address)));
        var nat = new NatExpression(kind, ToFamily(address.AddressFamily)) { Address = NftRegister.First };
        return port is { } known
            ? rule.Append(new ImmediateExpression(NftRegister.Second, NftData.FromPort(known)), nat with { Port = NftRegister.Second, Flags = NftNatOptions.Ports })
            : rule.Append(nat);
    }
}
