using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A switch: links join it by naming it as their master (bridge(8)). What is null is left to the kernel.</summary>
/// <remarks>Times are kept in hundredths of a second.</remarks>
public sealed record BridgeLink() : LinkKind(KindName)
{
    internal const string KindName = "bridge";

    // USER_HZ (time(7)): the unit of times that the kernel tells to programs.
    private const long TicksPerClock = TimeSpan.TicksPerSecond / 100;

    /// <summary>How long a port listens and learns before it forwards (IFLA_BR_FORWARD_DELAY).</summary>
    public TimeSpan? ForwardDelay { get; init; }

    /// <summary>The time between hellos of the spanning tree (IFLA_BR_HELLO_TIME).</summary>
    public TimeSpan? HelloTime { get; init; }

    /// <summary>How old what another bridge said may become (IFLA_BR_MAX_AGE).</summary>
    public TimeSpan? MaximumAge { get; init; }

    /// <summary>After what time without a packet an address is forgotten (IFLA_BR_AGEING_TIME).</summary>
    public TimeSpan? AgeingTime { get; init; }

    /// <summary>Whether the spanning tree protocol runs (IFLA_BR_STP_STATE).</summary>
    public bool? SpanningTree { get; init; }

    /// <summary>The bridge's priority in the spanning tree, the lower the better (IFLA_BR_PRIORITY).</summary>
    public ushort? Priority { get; init; }

    /// <summary>Whether packets are told apart and filtered by VLAN (IFLA_BR_VLAN_FILTERING).</summary>
    public bool? VlanFiltering { get; init; }

    /// <summary>The Ethernet type of VLAN tags: 0x8100, or 0x88a8 for provider bridges (IFLA_BR_VLAN_PROTOCOL).</summary>
    public ushort? VlanProtocol { get; init; }

    /// <summary>The VLAN of packets without a tag at new ports; 0 for none (IFLA_BR_VLAN_DEFAULT_PVID).</summary>
    public ushort? DefaultVlan { get; init; }

    /// <summary>Which link-local groups 01:80:c2:00:00:0X are forwarded, a bit each (IFLA_BR_GROUP_FWD_MASK).</summary>
    public ushort? GroupForwardMask { get; init; }

    /// <summary>Whether multicasts go only where they are wanted (IFLA_BR_MCAST_SNOOPING).</summary>
    public bool? MulticastSnooping { get; init; }

    internal static BridgeLink ReadData(AttributeReader attributes)
    {
        var bridge = new BridgeLink();
        foreach (Wire.Attribute attribute in attributes)
        {
            bridge = (BridgeAttribute)attribute.Type switch
            {
                BridgeAttribute.IFLA_BR_FORWARD_DELAY => bridge with { ForwardDelay = ToTime(attribute) },
                BridgeAttribute.IFLA_BR_HELLO_TIME => bridge with { HelloTime = ToTime(attribute) },
                BridgeAttribute.IFLA_BR_MAX_AGE => bridge with { MaximumAge = ToTime(attribute) },
                BridgeAttribute.IFLA_BR_AGEING_TIME => bridge with { AgeingTime = ToTime(attribute) },
                BridgeAttribute.IFLA_BR_STP_STATE => bridge with { SpanningTree = attribute.Number<uint>() != 0 },
                BridgeAttribute.IFLA_BR_PRIORITY => bridge with { Priority = attribute.Number<ushort>() },
                BridgeAttribute.IFLA_BR_VLAN_FILTERING => bridge with { VlanFiltering = attribute.Boolean },
                BridgeAttribute.IFLA_BR_VLAN_PROTOCOL => bridge with { VlanProtocol = attribute.UInt16BigEndian },
                BridgeAttribute.IFLA_BR_VLAN_DEFAULT_PVID => bridge with { DefaultVlan = attribute.Number<ushort>() },
                BridgeAttribute.IFLA_BR_GROUP_FWD_MASK => bridge with { GroupForwardMask = attribute.Number<ushort>() },
                BridgeAttribute.IFLA_BR_MCAST_SNOOPING => bridge with { MulticastSnooping = attribute.Boolean },
                _ => bridge,
            };
        }

        return bridge;
    }

    private protected override void WriteData(MessageWriter writer)
    {
        using (writer.Nest(LinkInfoAttribute.IFLA_INFO_DATA))
        {
            WriteTime(writer, BridgeAttribute.IFLA_BR_FORWARD_DELAY, ForwardDelay);
            WriteTime(writer, BridgeAttribute.IFLA_BR_HELLO_TIME, HelloTime);
            WriteTime(writer, BridgeAttribute.IFLA_BR_MAX_AGE, MaximumAge);
            WriteTime(writer, BridgeAttribute.IFLA_BR_AGEING_TIME, AgeingTime);
            writer.Write(BridgeAttribute.IFLA_BR_STP_STATE, SpanningTree is { } spanningTree ? (spanningTree ? 1u : 0u) : default(uint?));
            writer.Write(BridgeAttribute.IFLA_BR_PRIORITY, Priority);
            writer.Write(BridgeAttribute.IFLA_BR_VLAN_FILTERING, VlanFiltering);
            writer.WriteBigEndian(BridgeAttribute.IFLA_BR_VLAN_PROTOCOL, VlanProtocol);
            writer.Write(BridgeAttribute.IFLA_BR_VLAN_DEFAULT_PVID, DefaultVlan);
            writer.Write(BridgeAttribute.IFLA_BR_GROUP_FWD_MASK, GroupForwardMask);
            writer.Write(BridgeAttribute.IFLA_BR_MCAST_SNOOPING, MulticastSnooping);
        }
    }

    private static TimeSpan ToTime(Wire.Attribute attribute) => TimeSpan.FromTicks(attribute.Number<uint>() * TicksPerClock);

    private static void WriteTime(MessageWriter writer, BridgeAttribute type, TimeSpan? time)
    {
        if (time is not { } value)
            return;
        if (value < TimeSpan.Zero || value.Ticks / TicksPerClock > uint.MaxValue)
            throw new ArgumentException($"{type} is out of range: {value}.");
        writer.Write(type, (uint)(value.Ticks / TicksPerClock));
    }
}
