using System.Net;
using System.Net.Sockets;

namespace Isolation.Netlink.Nftables;

// Written as nft(8) does it, so that it shows them as a person would have written them.
public sealed partial record NftRule
{
    // struct iphdr and struct ipv6hdr.
    private const uint IPv4Source = 12, IPv4Destination = 16, IPv6Source = 8, IPv6Destination = 24;

    // struct tcphdr, and of all protocols with ports.
    private const uint SourcePort = 0, DestinationPort = 2, PortLength = 2;

    /// <summary>Only what comes from a network: <c>ip saddr 10.0.0.0/24</c>.</summary>
    public NftRule MatchSource(IPNetwork network, bool isInverted = false) => MatchAddress(network, isSource: true, isInverted);

    /// <summary>Only what comes from an address.</summary>
    public NftRule MatchSource(IPAddress address) => MatchSource(ToNetwork(address));

    /// <summary>Only what goes to a network: <c>ip daddr 10.0.0.0/24</c>.</summary>
    public NftRule MatchDestination(IPNetwork network, bool isInverted = false) => MatchAddress(network, isSource: false, isInverted);

    /// <summary>Only what goes to an address.</summary>
    public NftRule MatchDestination(IPAddress address) => MatchDestination(ToNetwork(address));

    /// <summary>Only what goes to an address of this machine: <c>fib daddr type local</c>.</summary>
    public NftRule MatchLocalDestination()
        => Append(new FibExpression(NftFibResult.AddressType, NftFibInputs.Destination), Equal(NftData.FromNumber((uint)RouteType.Local)));

    /// <summary>Only what came in by a link: <c>iifname "eth0"</c>. A <c>*</c> at the name's end stands for anything.</summary>
    public NftRule MatchInputInterface(string name, bool isInverted = false) => MatchMeta(NftMetaKey.InputInterfaceName, NftData.FromInterfaceName(name), isInverted);

    /// <summary>Only what leaves by a link: <c>oifname "eth0"</c>. A <c>*</c> at the name's end stands for anything.</summary>
    public NftRule MatchOutputInterface(string name, bool isInverted = false) => MatchMeta(NftMetaKey.OutputInterfaceName, NftData.FromInterfaceName(name), isInverted);

    /// <summary>Only packets with a mark.</summary>
    public NftRule MatchMark(uint mark) => MatchMeta(NftMetaKey.Mark, NftData.FromNumber(mark), isInverted: false);

    /// <summary>Only packets of one family, in tables of several: <c>meta nfproto ipv4</c>.</summary>
    public NftRule MatchFamily(AddressFamily family)
    {
        NftFamily wanted = ToFamily(family);
        if (Family == wanted)
            return this;
        if (Family == NftFamily.Inet)
            return WithCondition(new MetaExpression(NftMetaKey.Family), new NftData((byte)wanted));
        if (Family is NftFamily.Bridge or NftFamily.NetworkDevice)
            return WithCondition(new MetaExpression(NftMetaKey.Protocol), wanted == NftFamily.IPv6 ? new NftData(0x86, 0xdd) : new NftData(0x08, 0x00));
        throw new ArgumentException($"A table of the family {NftNames.Text(Family)} has no packets of {family}.");
    }

    /// <summary>Only packets of a protocol above IP: <c>meta l4proto tcp</c>.</summary>
    public NftRule MatchProtocol(ProtocolType protocol)
        => protocol is > ProtocolType.IP and <= (ProtocolType)byte.MaxValue
            ? WithCondition(new MetaExpression(NftMetaKey.TransportProtocol), new NftData((byte)protocol))
            : throw new ArgumentException($"{protocol} is no protocol above IP.");

    /// <summary>Only what goes to a port: <c>tcp dport 80</c>.</summary>
    public NftRule MatchDestinationPort(ProtocolType protocol, ushort port) => MatchDestinationPort(protocol, port, port);

    /// <summary>Only what goes to one of the ports from one to another: <c>tcp dport 8000-8080</c>.</summary>
    public NftRule MatchDestinationPort(ProtocolType protocol, ushort first, ushort last) => MatchPort(protocol, DestinationPort, first, last);

    /// <summary>Only what comes from a port: <c>tcp sport 80</c>.</summary>
    public NftRule MatchSourcePort(ProtocolType protocol, ushort port) => MatchSourcePort(protocol, port, port);

    /// <summary>Only what comes from one of the ports from one to another.</summary>
    public NftRule MatchSourcePort(ProtocolType protocol, ushort first, ushort last) => MatchPort(protocol, SourcePort, first, last);

    /// <summary>Only what goes to a port that a set has: <c>tcp dport @web</c>, or, of an anonymous set, <c>tcp dport { 80, 443 }</c>.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="set">A set of ports; an anonymous one is made in the same transaction.</param>
    public NftRule MatchDestinationPort(ProtocolType protocol, NftSet set)
    {
        CheckPorts(protocol);
        return MatchProtocol(protocol).Append(new PayloadExpression(NftPayloadBase.Transport, DestinationPort, PortLength), ToLookup(set));
    }

    /// <summary>Only what comes from an address that a set has: <c>ip saddr @blocked</c>.</summary>
    public NftRule MatchSource(NftSet set) => MatchSet(set, IPv4Source, IPv6Source);

    /// <summary>Only what goes to an address that a set has.</summary>
    public NftRule MatchDestination(NftSet set) => MatchSet(set, IPv4Destination, IPv6Destination);

    /// <summary>Only packets that are one of some things in their connection: <c>ct state established,related</c>.</summary>
    public NftRule MatchConnectionState(NftConnectionStates states) => MatchBits(NftConntrackKey.State, (uint)states);

    /// <summary>Only packets of connections whose destination is rewritten: <c>ct status dnat</c>.</summary>
    public NftRule MatchDestinationNat() => MatchBits(NftConntrackKey.Status, ConnectionStatus.DestinationNat);

    private NftRule MatchBits(NftConntrackKey key, uint bits)
        => Append(
            new ConntrackExpression(key),
            BitwiseExpression.And(NftData.FromNumber(bits)),
            new CompareExpression(NftComparison.NotEqual, NftData.FromNumber(0)));

    private NftRule MatchMeta(NftMetaKey key, NftData value, bool isInverted) => Append(new MetaExpression(key), Equal(value, isInverted));

    private NftRule MatchAddress(IPNetwork network, bool isSource, bool isInverted)
    {
        AddressFamily family = (network.BaseAddress ?? throw new ArgumentException("A network is missing.")).AddressFamily;
        bool isV6 = family == AddressFamily.InterNetworkV6;
        uint offset = (isV6, isSource) switch { (false, true) => IPv4Source, (false, false) => IPv4Destination, (true, true) => IPv6Source, _ => IPv6Destination };
        NftRule rule = MatchFamily(family);
        byte[] address = network.BaseAddress.GetAddressBytes();
        int prefix = network.PrefixLength, bytes = prefix / 8;
        if (prefix == 0)
            return isInverted ? throw new ArgumentException($"Nothing is outside of {network}.") : rule;
        if (prefix % 8 == 0)
            return rule.Append(new PayloadExpression(NftPayloadBase.Network, offset, (uint)bytes), Equal(new NftData(address.AsSpan(0, bytes)), isInverted));
        byte[] mask = new byte[address.Length];
        mask.AsSpan(0, bytes).Fill(byte.MaxValue);
        mask[bytes] = (byte)(byte.MaxValue << (8 - prefix % 8));
        return rule.Append(
            new PayloadExpression(NftPayloadBase.Network, offset, (uint)address.Length),
            BitwiseExpression.And(new NftData(mask)),
            Equal(new NftData(address), isInverted));
    }

    private NftRule MatchPort(ProtocolType protocol, uint offset, ushort first, ushort last)
    {
        CheckPorts(protocol);
        if (first > last)
            throw new ArgumentException($"{first} to {last} is no range of ports.");
        NftRule rule = MatchProtocol(protocol).Append(new PayloadExpression(NftPayloadBase.Transport, offset, PortLength));
        return first == last
            ? rule.Append(Equal(NftData.FromPort(first)))
            : rule.Append(new CompareExpression(NftComparison.GreaterOrEqual, NftData.FromPort(first)), new CompareExpression(NftComparison.LessOrEqual, NftData.FromPort(last)));
    }

    private NftRule MatchSet(NftSet set, uint offset, uint offset6)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.KeyType != NftDataType.IPv4Address && set.KeyType != NftDataType.IPv6Address)
            throw new ArgumentException($"The set {set} is none of addresses.");
        bool isV6 = set.KeyType == NftDataType.IPv6Address;
        return MatchFamily(isV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork)
            .Append(new PayloadExpression(NftPayloadBase.Network, isV6 ? offset6 : offset, (uint)set.KeyType.Length), ToLookup(set));
    }

    // Asking the same twice would show: meta l4proto tcp tcp dport 80.
    private NftRule WithCondition(NftExpression load, NftData value)
    {
        CompareExpression compare = Equal(value);
        for (int i = 0; i + 1 < Expressions.Length; i++)
        {
            if (Expressions[i] == load && Expressions[i + 1] == compare)
                return this;
        }

        return Append(load, compare);
    }

    private static void CheckPorts(ProtocolType protocol)
    {
        // IPPROTO_DCCP, IPPROTO_SCTP, IPPROTO_UDPLITE have no names in .NET.
        if (protocol is not (ProtocolType.Tcp or ProtocolType.Udp or (ProtocolType)33 or (ProtocolType)132 or (ProtocolType)136))
            throw new ArgumentException($"{protocol} has no ports.");
    }

    private static LookupExpression ToLookup(NftSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new LookupExpression(set.Name) { SetId = set.Id };
    }

    private static CompareExpression Equal(NftData value, bool isInverted = false) => new(isInverted ? NftComparison.NotEqual : NftComparison.Equal, value);

    private static NftFamily ToFamily(AddressFamily family) => (NftFamily)Wire.IPFamily.ToKernel(family);

    private static IPNetwork ToNetwork(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new IPNetwork(address, Wire.IPFamily.MaximumPrefix(address.AddressFamily));
    }
}
