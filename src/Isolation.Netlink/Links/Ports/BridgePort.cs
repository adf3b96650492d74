using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What a bridge does at one of its ports (bridge(8)). What is null is left as it is.</summary>
public sealed record BridgePort() : LinkPort(KindName)
{
    internal const string KindName = "bridge";

    internal BridgePort(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((BridgePortAttribute)attribute.Type)
            {
                case BridgePortAttribute.IFLA_BRPORT_STATE:
                    State = attribute.Number<BridgePortState>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_PRIORITY:
                    Priority = attribute.Number<ushort>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_COST:
                    Cost = attribute.Number<uint>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MODE:
                    Hairpin = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_GUARD:
                    Guard = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_PROTECT:
                    RootBlock = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_FAST_LEAVE:
                    FastLeave = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_LEARNING:
                    Learning = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_UNICAST_FLOOD:
                    UnicastFlood = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MCAST_FLOOD:
                    MulticastFlood = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_BCAST_FLOOD:
                    BroadcastFlood = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MCAST_TO_UCAST:
                    MulticastToUnicast = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_PROXYARP:
                    ProxyArp = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_PROXYARP_WIFI:
                    ProxyArpWifi = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MULTICAST_ROUTER:
                    MulticastRouter = attribute.Number<BridgeMulticastRouter>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_VLAN_TUNNEL:
                    VlanTunnel = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_GROUP_FWD_MASK:
                    GroupForwardMask = attribute.Number<ushort>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_NEIGH_SUPPRESS:
                    NeighbourSuppression = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_NEIGH_VLAN_SUPPRESS:
                    NeighbourVlanSuppression = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_ISOLATED:
                    Isolated = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_BACKUP_PORT:
                    BackupPortIndex = attribute.Number<int>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_BACKUP_NHID:
                    BackupNextHopId = attribute.Number<uint>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_LOCKED:
                    Locked = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MAB:
                    MacAuthenticationBypass = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT:
                    MulticastHostLimit = attribute.Number<uint>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MCAST_MAX_GROUPS:
                    MulticastGroupMaximum = attribute.Number<uint>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MCAST_N_GROUPS:
                    MulticastGroups = attribute.Number<uint>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MCAST_EHT_HOSTS_CNT:
                    MulticastHosts = attribute.Number<uint>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_ROOT_ID:
                    RootId = BridgeId.Read(attribute);
                    break;
                case BridgePortAttribute.IFLA_BRPORT_BRIDGE_ID:
                    DesignatedBridge = BridgeId.Read(attribute);
                    break;
                case BridgePortAttribute.IFLA_BRPORT_DESIGNATED_PORT:
                    DesignatedPort = attribute.Number<ushort>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_DESIGNATED_COST:
                    DesignatedCost = attribute.Number<ushort>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_ID:
                    Id = attribute.Number<ushort>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_NO:
                    Number = attribute.Number<ushort>();
                    break;
                case BridgePortAttribute.IFLA_BRPORT_TOPOLOGY_CHANGE_ACK:
                    TopologyChangeAcknowledged = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_CONFIG_PENDING:
                    ConfigurationPending = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MESSAGE_AGE_TIMER:
                    MessageAgeTimer = attribute.LongTime;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_FORWARD_DELAY_TIMER:
                    ForwardDelayTimer = attribute.LongTime;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_HOLD_TIMER:
                    HoldTimer = attribute.LongTime;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MRP_RING_OPEN:
                    RingOpen = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_MRP_IN_OPEN:
                    InterconnectOpen = attribute.Boolean;
                    break;
                case BridgePortAttribute.IFLA_BRPORT_PAD:
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>What the spanning tree lets through. It can be changed only while the bridge runs none (IFLA_BRPORT_STATE).</summary>
    public BridgePortState? State { get; init; }

    /// <summary>The priority in the spanning tree, the lower the better: 0 to 63 (IFLA_BRPORT_PRIORITY).</summary>
    public ushort? Priority { get; init; }

    /// <summary>The cost in the spanning tree: 1 to 65535 (IFLA_BRPORT_COST).</summary>
    public uint? Cost { get; init; }

    /// <summary>Whether packets may leave by the port they came in (IFLA_BRPORT_MODE).</summary>
    public bool? Hairpin { get; init; }

    /// <summary>Whether messages of the spanning tree that come in disable it (IFLA_BRPORT_GUARD).</summary>
    public bool? Guard { get; init; }

    /// <summary>Whether it never becomes the port towards the root (IFLA_BRPORT_PROTECT).</summary>
    public bool? RootBlock { get; init; }

    /// <summary>Whether multicasts end at once when a member leaves (IFLA_BRPORT_FAST_LEAVE).</summary>
    public bool? FastLeave { get; init; }

    /// <summary>Whether addresses are learned (IFLA_BRPORT_LEARNING).</summary>
    public bool? Learning { get; init; }

    /// <summary>Whether packets to unknown addresses are sent out (IFLA_BRPORT_UNICAST_FLOOD).</summary>
    public bool? UnicastFlood { get; init; }

    /// <summary>Whether multicasts to unknown groups are sent out (IFLA_BRPORT_MCAST_FLOOD).</summary>
    public bool? MulticastFlood { get; init; }

    /// <summary>Whether broadcasts are sent out (IFLA_BRPORT_BCAST_FLOOD).</summary>
    public bool? BroadcastFlood { get; init; }

    /// <summary>Whether multicasts become unicasts to each member (IFLA_BRPORT_MCAST_TO_UCAST).</summary>
    public bool? MulticastToUnicast { get; init; }

    /// <summary>Whether the bridge answers ARP for others (IFLA_BRPORT_PROXYARP).</summary>
    public bool? ProxyArp { get; init; }

    /// <summary>Whether it does so as IEEE 802.11 and Hotspot 2.0 want it (IFLA_BRPORT_PROXYARP_WIFI).</summary>
    public bool? ProxyArpWifi { get; init; }

    /// <summary>Whether it leads to a multicast router (IFLA_BRPORT_MULTICAST_ROUTER).</summary>
    public BridgeMulticastRouter? MulticastRouter { get; init; }

    /// <summary>Whether VLANs are mapped to tunnels (IFLA_BRPORT_VLAN_TUNNEL).</summary>
    public bool? VlanTunnel { get; init; }

    /// <summary>Which link-local groups 01:80:c2:00:00:0X are forwarded, a bit each (IFLA_BRPORT_GROUP_FWD_MASK).</summary>
    public ushort? GroupForwardMask { get; init; }

    /// <summary>Whether the bridge answers ARP and neighbour discovery, so that they are not sent out (IFLA_BRPORT_NEIGH_SUPPRESS).</summary>
    public bool? NeighbourSuppression { get; init; }

    /// <summary>Whether it does so VLAN by VLAN. Linux 6.3 (IFLA_BRPORT_NEIGH_VLAN_SUPPRESS).</summary>
    public bool? NeighbourVlanSuppression { get; init; }

    /// <summary>Whether it talks only with ports that are not isolated (IFLA_BRPORT_ISOLATED).</summary>
    public bool? Isolated { get; init; }

    /// <summary>The index of the link that takes its place while it has no carrier; 0 for none (IFLA_BRPORT_BACKUP_PORT).</summary>
    public int? BackupPortIndex { get; init; }

    /// <summary>The next hop that goes with the backup; 0 for none. Linux 6.6 (IFLA_BRPORT_BACKUP_NHID).</summary>
    public uint? BackupNextHopId { get; init; }

    /// <summary>Whether only known addresses may send (IFLA_BRPORT_LOCKED).</summary>
    public bool? Locked { get; init; }

    /// <summary>Whether a locked port notes who wanted to send. Linux 6.2 (IFLA_BRPORT_MAB).</summary>
    public bool? MacAuthenticationBypass { get; init; }

    /// <summary>Multicast hosts that are tracked at the most (IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT).</summary>
    public uint? MulticastHostLimit { get; init; }

    /// <summary>Multicast groups at the most; 0 for no limit. Linux 6.3 (IFLA_BRPORT_MCAST_MAX_GROUPS).</summary>
    public uint? MulticastGroupMaximum { get; init; }

    /// <summary>Forget the addresses that were learned here. An order when it is changed; never told (IFLA_BRPORT_FLUSH).</summary>
    public bool FlushAddresses { get; init; }

    /// <summary>Told only: multicast groups at present (IFLA_BRPORT_MCAST_N_GROUPS).</summary>
    public uint? MulticastGroups { get; private init; }

    /// <summary>Told only: multicast hosts that are tracked (IFLA_BRPORT_MCAST_EHT_HOSTS_CNT).</summary>
    public uint? MulticastHosts { get; private init; }

    /// <summary>Told only: the root of the spanning tree, as seen from here (IFLA_BRPORT_ROOT_ID).</summary>
    public BridgeId? RootId { get; private init; }

    /// <summary>Told only: the bridge that leads to the root (IFLA_BRPORT_BRIDGE_ID).</summary>
    public BridgeId? DesignatedBridge { get; private init; }

    /// <summary>Told only: its port (IFLA_BRPORT_DESIGNATED_PORT).</summary>
    public ushort? DesignatedPort { get; private init; }

    /// <summary>Told only: its cost (IFLA_BRPORT_DESIGNATED_COST).</summary>
    public ushort? DesignatedCost { get; private init; }

    /// <summary>Told only: the port in the spanning tree (IFLA_BRPORT_ID).</summary>
    public ushort? Id { get; private init; }

    /// <summary>Told only: its number in the bridge (IFLA_BRPORT_NO).</summary>
    public ushort? Number { get; private init; }

    /// <summary>Told only: whether a change is to be acknowledged (IFLA_BRPORT_TOPOLOGY_CHANGE_ACK).</summary>
    public bool? TopologyChangeAcknowledged { get; private init; }

    /// <summary>Told only: whether a message waits (IFLA_BRPORT_CONFIG_PENDING).</summary>
    public bool? ConfigurationPending { get; private init; }

    /// <summary>Told only: the time until what the neighbour said is too old (IFLA_BRPORT_MESSAGE_AGE_TIMER).</summary>
    public TimeSpan? MessageAgeTimer { get; private init; }

    /// <summary>Told only: the time to the next state (IFLA_BRPORT_FORWARD_DELAY_TIMER).</summary>
    public TimeSpan? ForwardDelayTimer { get; private init; }

    /// <summary>Told only: the time until it may tell something again (IFLA_BRPORT_HOLD_TIMER).</summary>
    public TimeSpan? HoldTimer { get; private init; }

    /// <summary>Told only: whether its ring of MRP is open (IFLA_BRPORT_MRP_RING_OPEN).</summary>
    public bool? RingOpen { get; private init; }

    /// <summary>Told only: whether the connection of rings of MRP is open (IFLA_BRPORT_MRP_IN_OPEN).</summary>
    public bool? InterconnectOpen { get; private init; }

    internal static LinkPortEntry Entry { get; } = new(KindName, static data => new BridgePort(data), AttributeSpace.Of<BridgePortAttribute>());

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(BridgePortAttribute.IFLA_BRPORT_STATE, State);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_PRIORITY, Priority);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_COST, Cost);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_MODE, Hairpin);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_GUARD, Guard);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_PROTECT, RootBlock);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_FAST_LEAVE, FastLeave);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_LEARNING, Learning);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_UNICAST_FLOOD, UnicastFlood);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_MCAST_FLOOD, MulticastFlood);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_BCAST_FLOOD, BroadcastFlood);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_MCAST_TO_UCAST, MulticastToUnicast);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_PROXYARP, ProxyArp);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_PROXYARP_WIFI, ProxyArpWifi);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_MULTICAST_ROUTER, MulticastRouter);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_VLAN_TUNNEL, VlanTunnel);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_GROUP_FWD_MASK, GroupForwardMask);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_NEIGH_SUPPRESS, NeighbourSuppression);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_NEIGH_VLAN_SUPPRESS, NeighbourVlanSuppression);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_ISOLATED, Isolated);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_BACKUP_PORT, LinkValue.NotNegative(BackupPortIndex, nameof(BackupPortIndex)));
        writer.Write(BridgePortAttribute.IFLA_BRPORT_BACKUP_NHID, BackupNextHopId);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_LOCKED, Locked);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_MAB, MacAuthenticationBypass);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT, MulticastHostLimit);
        writer.Write(BridgePortAttribute.IFLA_BRPORT_MCAST_MAX_GROUPS, MulticastGroupMaximum);
        writer.WriteFlag(BridgePortAttribute.IFLA_BRPORT_FLUSH, FlushAddresses);
    }
}
