using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record RoutingRule : IRequestBody
{
    void IRequestBody.WriteTo(MessageWriter writer)
    {
        Check();
        writer.WriteHeader(new RuleHeader
        {
            family = IPFamily.ToKernel(Family),
            dst_len = (byte)(Destination?.PrefixLength ?? 0),
            src_len = (byte)(Source?.PrefixLength ?? 0),
            tos = TypeOfService,

            // Table numbers from 256 on have room in the attribute only.
            table = (byte)(Table is > 0 and < 256 ? Table : 0),
            action = (byte)Action,
            flags = (uint)(IsInverted ? RuleRequestFlags.FIB_RULE_INVERT : RuleRequestFlags.None),
        });
        WriteNetwork(writer, RuleAttribute.FRA_SRC, Source, SourceBits);
        WriteNetwork(writer, RuleAttribute.FRA_DST, Destination, DestinationBits);
        WriteName(writer, RuleAttribute.FRA_IIFNAME, InputInterface);
        WriteName(writer, RuleAttribute.FRA_OIFNAME, OutputInterface);
        writer.Write(RuleAttribute.FRA_PRIORITY, Priority);
        if (Table != 0)
            writer.Write(RuleAttribute.FRA_TABLE, Table);
        writer.Write(RuleAttribute.FRA_GOTO, Target);
        writer.Write(RuleAttribute.FRA_FWMARK, Mark);
        writer.Write(RuleAttribute.FRA_FWMASK, MarkMask);
        writer.Write(RuleAttribute.FRA_FLOW, Realms?.Number);
        if (TunnelId != 0)
            writer.Write(RuleAttribute.FRA_TUN_ID, BinaryPrimitives.ReverseEndianness(TunnelId));
        writer.Write(RuleAttribute.FRA_SUPPRESS_IFGROUP, SuppressedInterfaceGroup);
        writer.Write(RuleAttribute.FRA_SUPPRESS_PREFIXLEN, SuppressedPrefixLength);
        if (UsesMasterTable)
            writer.Write(RuleAttribute.FRA_L3MDEV, (byte)1);
        if (UserIds is { } users)
            writer.Write(RuleAttribute.FRA_UID_RANGE, new RuleUserRange { start = users.First, end = users.Last });
        writer.Write(RuleAttribute.FRA_PROTOCOL, Protocol);
        writer.Write(RuleAttribute.FRA_IP_PROTO, (byte?)IPProtocol);
        WritePorts(writer, RuleAttribute.FRA_SPORT_RANGE, SourcePorts);
        WritePorts(writer, RuleAttribute.FRA_DPORT_RANGE, DestinationPorts);
        writer.Write(NewRuleAttribute.FRA_DSCP, CodePoint);
        writer.Write(NewRuleAttribute.FRA_FLOWLABEL, FlowLabel is { } label ? BinaryPrimitives.ReverseEndianness(label) : default(uint?));
        writer.Write(NewRuleAttribute.FRA_FLOWLABEL_MASK, FlowLabelMask is { } mask ? BinaryPrimitives.ReverseEndianness(mask) : default(uint?));
        writer.Write(NewRuleAttribute.FRA_SPORT_MASK, SourcePortMask);
        writer.Write(NewRuleAttribute.FRA_DPORT_MASK, DestinationPortMask);
        writer.Write(NewRuleAttribute.FRA_DSCP_MASK, CodePointMask);
    }

    private static void WriteNetwork(MessageWriter writer, RuleAttribute type, IPNetwork? network, IPAddress? bits)
    {
        if (network is { PrefixLength: > 0 } known)
            writer.WriteAddress(type, bits is not null && known.Contains(bits) ? bits : known.BaseAddress);
    }

    private static void WriteName(MessageWriter writer, RuleAttribute type, string? name)
    {
        if (name is not null)
            writer.WriteText(type, LinkName.Check(name));
    }

    private static void WritePorts(MessageWriter writer, RuleAttribute type, PortRange? ports)
    {
        if (ports is { } known)
            writer.Write(type, new RulePortRange { start = known.First, end = known.Last });
    }

    private void Check()
    {
        IPFamily.ToKernel(Family);
        if ((Source is { } source && source.BaseAddress.AddressFamily != Family) || (Destination is { } destination && destination.BaseAddress.AddressFamily != Family))
            throw new ArgumentException($"The source or the destination of the rule is not of its family, {Family}.");
        if (Action == RoutingRuleAction.GoTo != Target is not null)
            throw new ArgumentException($"A rule has a target if it goes to another one ({nameof(RoutingRuleAction)}.{nameof(RoutingRuleAction.GoTo)}), and only then.");
        if (UsesMasterTable && Table != 0)
            throw new ArgumentException($"The rule has the table {Table} and that of the VRF: one of them only.");
        if (SourcePorts is { } from && (from.First == 0 || from.First > from.Last))
            throw new ArgumentException($"The source ports are no range: {from.First} to {from.Last}.");
        if (DestinationPorts is { } to && (to.First == 0 || to.First > to.Last))
            throw new ArgumentException($"The destination ports are no range: {to.First} to {to.Last}.");
        if (UserIds is { } users && users.First > users.Last)
            throw new ArgumentException($"The users are no range: {users.First} to {users.Last}.");
        if (SuppressedPrefixLength is { } length && (length < 0 || length > IPFamily.MaximumPrefix(Family)))
            throw new ArgumentException($"No prefix has {length} bits.");
        if (Realms is not null && Family != AddressFamily.InterNetwork)
            throw new ArgumentException("The rule has realms, which only IPv4 knows.");
    }
}
