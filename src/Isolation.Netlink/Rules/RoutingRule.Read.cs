using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record RoutingRule
{
    /// <summary>Reads the body of RTM_NEWRULE.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static RoutingRule Read(ReadOnlySpan<byte> body)
    {
        RuleHeader header = Message.ReadFixed<RuleHeader>(body, out AttributeReader attributes);
        AddressFamily family = IPFamily.FromKernel(header.family);
        var rule = new RoutingRule(family)
        {
            // The kernel leaves the attribute out where it is 0.
            Priority = 0,
            Action = (RoutingRuleAction)header.action,
            Table = header.table,
            TypeOfService = header.tos,
            IsInverted = (header.flags & (uint)RuleRequestFlags.FIB_RULE_INVERT) != 0,
            Flags = (RoutingRuleFlags)(header.flags & ~(uint)RuleRequestFlags.FIB_RULE_INVERT),
            Source = header.src_len == 0 ? null : IPPrefix.ToNetwork([], header.src_len, family),
            Destination = header.dst_len == 0 ? null : IPPrefix.ToNetwork([], header.dst_len, family),
        };
        foreach (Wire.Attribute attribute in attributes)
            rule = rule.With(header, attribute);
        return rule;
    }

    private RoutingRule With(RuleHeader header, Wire.Attribute attribute) => (RuleAttribute)attribute.Type switch
    {
        RuleAttribute.FRA_SRC when header.src_len > 0 => this with { Source = IPPrefix.ToNetwork(attribute.Value, header.src_len, Family), SourceBits = Bits(attribute, header.src_len) },
        RuleAttribute.FRA_DST when header.dst_len > 0 => this with { Destination = IPPrefix.ToNetwork(attribute.Value, header.dst_len, Family), DestinationBits = Bits(attribute, header.dst_len) },
        RuleAttribute.FRA_IIFNAME => this with { InputInterface = attribute.Text },
        RuleAttribute.FRA_OIFNAME => this with { OutputInterface = attribute.Text },
        RuleAttribute.FRA_GOTO => this with { Target = attribute.Number<uint>() },
        RuleAttribute.FRA_PRIORITY => this with { Priority = attribute.Number<uint>() },
        RuleAttribute.FRA_FWMARK => this with { Mark = attribute.Number<uint>() },
        RuleAttribute.FRA_FWMASK => this with { MarkMask = attribute.Number<uint>() is not uint.MaxValue and var mask ? mask : null },
        RuleAttribute.FRA_FLOW => this with { Realms = RouteRealms.FromNumber(attribute.Number<uint>()) },
        RuleAttribute.FRA_TUN_ID => this with { TunnelId = BinaryPrimitives.ReverseEndianness(attribute.Number<ulong>()) },

        // All ones stand for none.
        RuleAttribute.FRA_SUPPRESS_IFGROUP => this with { SuppressedInterfaceGroup = attribute.Number<int>() is not -1 and var group ? group : null },
        RuleAttribute.FRA_SUPPRESS_PREFIXLEN => this with { SuppressedPrefixLength = attribute.Number<int>() is not -1 and var length ? length : null },
        RuleAttribute.FRA_TABLE => this with { Table = attribute.Number<int>() },
        RuleAttribute.FRA_L3MDEV => this with { UsesMasterTable = attribute.Boolean },
        RuleAttribute.FRA_UID_RANGE => this with { UserIds = new UserIdRange(attribute.Number<RuleUserRange>().start, attribute.Number<RuleUserRange>().end) },
        RuleAttribute.FRA_PROTOCOL => this with { Protocol = attribute.Number<RouteProtocol>() },
        RuleAttribute.FRA_IP_PROTO => this with { IPProtocol = (ProtocolType)attribute.Number<byte>() },
        RuleAttribute.FRA_SPORT_RANGE => this with { SourcePorts = Ports(attribute) },
        RuleAttribute.FRA_DPORT_RANGE => this with { DestinationPorts = Ports(attribute) },
        _ => WithNew(attribute),
    };

    private RoutingRule WithNew(Wire.Attribute attribute) => (NewRuleAttribute)attribute.Type switch
    {
        NewRuleAttribute.FRA_DSCP => this with { CodePoint = attribute.Number<byte>() },
        NewRuleAttribute.FRA_FLOWLABEL => this with { FlowLabel = BinaryPrimitives.ReverseEndianness(attribute.Number<uint>()) },
        NewRuleAttribute.FRA_FLOWLABEL_MASK => this with { FlowLabelMask = BinaryPrimitives.ReverseEndianness(attribute.Number<uint>()) },
        NewRuleAttribute.FRA_SPORT_MASK => this with { SourcePortMask = PortMask(attribute) },
        NewRuleAttribute.FRA_DPORT_MASK => this with { DestinationPortMask = PortMask(attribute) },
        NewRuleAttribute.FRA_DSCP_MASK => this with { CodePointMask = attribute.Number<byte>() },
        _ => this,
    };

    private IPAddress? Bits(Wire.Attribute attribute, byte length)
        => attribute.Address is var address && address.Equals(IPPrefix.ToNetwork(attribute.Value, length, Family).BaseAddress) ? null : address;

    // The kernel tells that of all bits too, with a range of one port.
    private static ushort? PortMask(Wire.Attribute attribute) => attribute.Number<ushort>() is not ushort.MaxValue and var mask ? mask : null;

    private static PortRange Ports(Wire.Attribute attribute)
    {
        RulePortRange range = attribute.Number<RulePortRange>();
        return new PortRange(range.start, range.end);
    }
}
