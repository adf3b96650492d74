using System.Net.NetworkInformation;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A switch: links join it by naming it as their master (bridge(8)). What is null is left to the kernel.</summary>
/// <remarks>
/// Times are kept in hundredths of a second.
/// </remarks>
public sealed record BridgeLink() : LinkKind(KindName)
{
    internal const string KindName = "bridge";

    internal BridgeLink(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((BridgeAttribute)attribute.Type)
            {
                case BridgeAttribute.IFLA_BR_FORWARD_DELAY:
                    ForwardDelay = attribute.Time(LinkTime.Clock);
                    break;
                case BridgeAttribute.IFLA_BR_HELLO_TIME:
                    HelloTime = attribute.Time(LinkTime.Clock);
                    break;
                case BridgeAttribute.IFLA_BR_MAX_AGE:
                    MaximumAge = attribute.Time(LinkTime.Clock);
                    break;
                case BridgeAttribute.IFLA_BR_AGEING_TIME:
                    AgeingTime = attribute.Time(LinkTime.Clock);
                    break;
                case BridgeAttribute.IFLA_BR_STP_STATE:
                    SpanningTree = attribute.Number<uint>() != 0;
                    break;
                case BridgeAttribute.IFLA_BR_PRIORITY:
                    Priority = attribute.Number<ushort>();
                    break;
                case BridgeAttribute.IFLA_BR_VLAN_FILTERING:
                    VlanFiltering = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_VLAN_PROTOCOL:
                    VlanProtocol = attribute.UInt16BigEndian;
                    break;
                case BridgeAttribute.IFLA_BR_VLAN_DEFAULT_PVID:
                    DefaultVlan = attribute.Number<ushort>();
                    break;
                case BridgeAttribute.IFLA_BR_VLAN_STATS_ENABLED:
                    VlanStatistics = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_VLAN_STATS_PER_PORT:
                    VlanStatisticsPerPort = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_GROUP_FWD_MASK:
                    GroupForwardMask = attribute.Number<ushort>();
                    break;
                case BridgeAttribute.IFLA_BR_GROUP_ADDR:
                    GroupAddress = attribute.PhysicalAddress;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_SNOOPING:
                    MulticastSnooping = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_ROUTER:
                    MulticastRouter = attribute.Number<BridgeMulticastRouter>();
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_QUERIER:
                    MulticastQuerier = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_QUERY_USE_IFADDR:
                    MulticastQueryWithAddress = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_HASH_ELASTICITY:
                    MulticastHashElasticity = attribute.Number<uint>();
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_HASH_MAX:
                    MulticastHashMaximum = attribute.Number<uint>();
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_LAST_MEMBER_CNT:
                    MulticastLastMemberCount = attribute.Number<uint>();
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_STARTUP_QUERY_CNT:
                    MulticastStartupQueryCount = attribute.Number<uint>();
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_LAST_MEMBER_INTVL:
                    MulticastLastMemberInterval = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_MEMBERSHIP_INTVL:
                    MulticastMembershipInterval = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_QUERIER_INTVL:
                    MulticastQuerierInterval = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_QUERY_INTVL:
                    MulticastQueryInterval = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_QUERY_RESPONSE_INTVL:
                    MulticastQueryResponseInterval = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_STARTUP_QUERY_INTVL:
                    MulticastStartupQueryInterval = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_STATS_ENABLED:
                    MulticastStatistics = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_IGMP_VERSION:
                    IgmpVersion = attribute.Number<byte>();
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_MLD_VERSION:
                    MldVersion = attribute.Number<byte>();
                    break;
                case BridgeAttribute.IFLA_BR_NF_CALL_IPTABLES:
                    CallIPTables = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_NF_CALL_IP6TABLES:
                    CallIP6Tables = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_NF_CALL_ARPTABLES:
                    CallArpTables = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_FDB_MAX_LEARNED:
                    MaximumLearned = attribute.Number<uint>();
                    break;
                case BridgeAttribute.IFLA_BR_MULTI_BOOLOPT:
                    BridgeOptionValues options = attribute.Struct<BridgeOptionValues>();
                    LinkLocalLearning = Option(options, BridgeOption.BR_BOOLOPT_NO_LL_LEARN) is { } refuses ? !refuses : null;
                    MulticastVlanSnooping = Option(options, BridgeOption.BR_BOOLOPT_MCAST_VLAN_SNOOPING);
                    MultipleSpanningTrees = Option(options, BridgeOption.BR_BOOLOPT_MST_ENABLE);
                    OffloadFailureNotifications = Option(options, BridgeOption.BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION);
                    LocalAddressesInVlan0 = Option(options, BridgeOption.BR_BOOLOPT_FDB_LOCAL_VLAN_0);
                    break;
                case BridgeAttribute.IFLA_BR_FDB_N_LEARNED:
                    Learned = attribute.Number<uint>();
                    break;
                case BridgeAttribute.IFLA_BR_ROOT_ID:
                    RootId = BridgeId.Read(attribute);
                    break;
                case BridgeAttribute.IFLA_BR_BRIDGE_ID:
                    Id = BridgeId.Read(attribute);
                    break;
                case BridgeAttribute.IFLA_BR_ROOT_PORT:
                    RootPort = attribute.Number<ushort>();
                    break;
                case BridgeAttribute.IFLA_BR_ROOT_PATH_COST:
                    RootPathCost = attribute.Number<uint>();
                    break;
                case BridgeAttribute.IFLA_BR_TOPOLOGY_CHANGE:
                    TopologyChange = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_TOPOLOGY_CHANGE_DETECTED:
                    TopologyChangeDetected = attribute.Boolean;
                    break;
                case BridgeAttribute.IFLA_BR_HELLO_TIMER:
                    HelloTimer = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_TCN_TIMER:
                    TopologyChangeNotificationTimer = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_TOPOLOGY_CHANGE_TIMER:
                    TopologyChangeTimer = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_GC_TIMER:
                    AgeingTimer = attribute.LongTime;
                    break;
                case BridgeAttribute.IFLA_BR_MCAST_QUERIER_STATE:
                    IPv4Querier = BridgeQuerier.Read(attribute.Attributes, AddressFamily.InterNetwork);
                    IPv6Querier = BridgeQuerier.Read(attribute.Attributes, AddressFamily.InterNetworkV6);
                    break;
                case BridgeAttribute.IFLA_BR_PAD:
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

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

    /// <summary>Whether packets are counted by VLAN (IFLA_BR_VLAN_STATS_ENABLED).</summary>
    public bool? VlanStatistics { get; init; }

    /// <summary>Whether they are counted by VLAN and port. It can be changed only while no VLAN is there (IFLA_BR_VLAN_STATS_PER_PORT).</summary>
    public bool? VlanStatisticsPerPort { get; init; }

    /// <summary>Which link-local groups 01:80:c2:00:00:0X are forwarded, a bit each (IFLA_BR_GROUP_FWD_MASK).</summary>
    public ushort? GroupForwardMask { get; init; }

    /// <summary>The group of the spanning tree protocol: 01:80:c2:00:00:0X (IFLA_BR_GROUP_ADDR).</summary>
    public PhysicalAddress? GroupAddress { get; init; }

    /// <summary>Whether multicasts go only where they are wanted (IFLA_BR_MCAST_SNOOPING).</summary>
    public bool? MulticastSnooping { get; init; }

    /// <summary>Whether the bridge itself counts as a multicast router (IFLA_BR_MCAST_ROUTER).</summary>
    public BridgeMulticastRouter? MulticastRouter { get; init; }

    /// <summary>Whether it asks who wants which multicasts (IFLA_BR_MCAST_QUERIER).</summary>
    public bool? MulticastQuerier { get; init; }

    /// <summary>Whether it asks with the bridge's own address rather than 0.0.0.0 (IFLA_BR_MCAST_QUERY_USE_IFADDR).</summary>
    public bool? MulticastQueryWithAddress { get; init; }

    /// <summary>Without effect since Linux 4.20, and told as 16 (IFLA_BR_MCAST_HASH_ELASTICITY).</summary>
    public uint? MulticastHashElasticity { get; init; }

    /// <summary>Multicast groups at the most (IFLA_BR_MCAST_HASH_MAX).</summary>
    public uint? MulticastHashMaximum { get; init; }

    /// <summary>How often it asks after a member left (IFLA_BR_MCAST_LAST_MEMBER_CNT).</summary>
    public uint? MulticastLastMemberCount { get; init; }

    /// <summary>How often it asks at the beginning (IFLA_BR_MCAST_STARTUP_QUERY_CNT).</summary>
    public uint? MulticastStartupQueryCount { get; init; }

    /// <summary>The time between the questions after a member left (IFLA_BR_MCAST_LAST_MEMBER_INTVL).</summary>
    public TimeSpan? MulticastLastMemberInterval { get; init; }

    /// <summary>How long a member that says nothing stays one (IFLA_BR_MCAST_MEMBERSHIP_INTVL).</summary>
    public TimeSpan? MulticastMembershipInterval { get; init; }

    /// <summary>How long another querier that says nothing is believed to be there (IFLA_BR_MCAST_QUERIER_INTVL).</summary>
    public TimeSpan? MulticastQuerierInterval { get; init; }

    /// <summary>The time between its questions (IFLA_BR_MCAST_QUERY_INTVL).</summary>
    public TimeSpan? MulticastQueryInterval { get; init; }

    /// <summary>How long members may take for an answer (IFLA_BR_MCAST_QUERY_RESPONSE_INTVL).</summary>
    public TimeSpan? MulticastQueryResponseInterval { get; init; }

    /// <summary>The time between its questions at the beginning (IFLA_BR_MCAST_STARTUP_QUERY_INTVL).</summary>
    public TimeSpan? MulticastStartupQueryInterval { get; init; }

    /// <summary>Whether messages of IGMP and MLD are counted (IFLA_BR_MCAST_STATS_ENABLED).</summary>
    public bool? MulticastStatistics { get; init; }

    /// <summary>The version of IGMP: 2 or 3 (IFLA_BR_MCAST_IGMP_VERSION).</summary>
    public byte? IgmpVersion { get; init; }

    /// <summary>The version of MLD: 1 or 2 (IFLA_BR_MCAST_MLD_VERSION).</summary>
    public byte? MldVersion { get; init; }

    /// <summary>Whether IPv4 packets that are bridged pass through iptables (IFLA_BR_NF_CALL_IPTABLES).</summary>
    public bool? CallIPTables { get; init; }

    /// <summary>Whether IPv6 packets that are bridged pass through ip6tables (IFLA_BR_NF_CALL_IP6TABLES).</summary>
    public bool? CallIP6Tables { get; init; }

    /// <summary>Whether ARP packets that are bridged pass through arptables (IFLA_BR_NF_CALL_ARPTABLES).</summary>
    public bool? CallArpTables { get; init; }

    /// <summary>Addresses that it learns at the most; 0 for no limit. Linux 6.7 (IFLA_BR_FDB_MAX_LEARNED).</summary>
    public uint? MaximumLearned { get; init; }

    /// <summary>Whether it learns from link-local packets (BR_BOOLOPT_NO_LL_LEARN, which says the opposite).</summary>
    public bool? LinkLocalLearning { get; init; }

    /// <summary>Whether multicasts are snooped by VLAN (BR_BOOLOPT_MCAST_VLAN_SNOOPING).</summary>
    public bool? MulticastVlanSnooping { get; init; }

    /// <summary>Whether each VLAN can have its own spanning tree (BR_BOOLOPT_MST_ENABLE).</summary>
    public bool? MultipleSpanningTrees { get; init; }

    /// <summary>Whether it tells when hardware could not take a multicast entry (BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION).</summary>
    public bool? OffloadFailureNotifications { get; init; }

    /// <summary>Whether addresses of the machine itself are kept once, for all VLANs (BR_BOOLOPT_FDB_LOCAL_VLAN_0).</summary>
    public bool? LocalAddressesInVlan0 { get; init; }

    /// <summary>Forget the addresses that were learned. An order when it is changed; never told (IFLA_BR_FDB_FLUSH).</summary>
    public bool FlushAddresses { get; init; }

    /// <summary>Told only: how many addresses are learned at present (IFLA_BR_FDB_N_LEARNED).</summary>
    public uint? Learned { get; private init; }

    /// <summary>Told only: the root of the spanning tree (IFLA_BR_ROOT_ID).</summary>
    public BridgeId? RootId { get; private init; }

    /// <summary>Told only: the bridge's own name in the spanning tree (IFLA_BR_BRIDGE_ID).</summary>
    public BridgeId? Id { get; private init; }

    /// <summary>Told only: the number of the port towards the root; 0 for none (IFLA_BR_ROOT_PORT).</summary>
    public ushort? RootPort { get; private init; }

    /// <summary>Told only: the cost of the path to the root (IFLA_BR_ROOT_PATH_COST).</summary>
    public uint? RootPathCost { get; private init; }

    /// <summary>Told only: whether a change of the tree is being told (IFLA_BR_TOPOLOGY_CHANGE).</summary>
    public bool? TopologyChange { get; private init; }

    /// <summary>Told only: whether it noticed a change itself (IFLA_BR_TOPOLOGY_CHANGE_DETECTED).</summary>
    public bool? TopologyChangeDetected { get; private init; }

    /// <summary>Told only: the time to the next hello (IFLA_BR_HELLO_TIMER).</summary>
    public TimeSpan? HelloTimer { get; private init; }

    /// <summary>Told only: the time until it tells a change again (IFLA_BR_TCN_TIMER).</summary>
    public TimeSpan? TopologyChangeNotificationTimer { get; private init; }

    /// <summary>Told only: the time until a change is over (IFLA_BR_TOPOLOGY_CHANGE_TIMER).</summary>
    public TimeSpan? TopologyChangeTimer { get; private init; }

    /// <summary>Told only: the time until old addresses are looked for (IFLA_BR_GC_TIMER).</summary>
    public TimeSpan? AgeingTimer { get; private init; }

    /// <summary>Told only: who asks IPv4 for multicasts, where it is known (IFLA_BR_MCAST_QUERIER_STATE).</summary>
    public BridgeQuerier? IPv4Querier { get; private init; }

    /// <summary>Told only: who asks IPv6 for multicasts, where it is known (IFLA_BR_MCAST_QUERIER_STATE).</summary>
    public BridgeQuerier? IPv6Querier { get; private init; }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new BridgeLink(data), AttributeSpace.Of<BridgeAttribute>().With(BridgeAttribute.IFLA_BR_MCAST_QUERIER_STATE, AttributeSpace.Of<BridgeQuerierAttribute>()));

    private protected override void WriteData(MessageWriter writer)
    {
        writer.WriteTime(BridgeAttribute.IFLA_BR_FORWARD_DELAY, ForwardDelay, LinkTime.Clock);
        writer.WriteTime(BridgeAttribute.IFLA_BR_HELLO_TIME, HelloTime, LinkTime.Clock);
        writer.WriteTime(BridgeAttribute.IFLA_BR_MAX_AGE, MaximumAge, LinkTime.Clock);
        writer.WriteTime(BridgeAttribute.IFLA_BR_AGEING_TIME, AgeingTime, LinkTime.Clock);
        writer.WriteBoolean32(BridgeAttribute.IFLA_BR_STP_STATE, SpanningTree);
        writer.Write(BridgeAttribute.IFLA_BR_PRIORITY, Priority);
        writer.Write(BridgeAttribute.IFLA_BR_VLAN_FILTERING, VlanFiltering);
        writer.WriteBigEndian(BridgeAttribute.IFLA_BR_VLAN_PROTOCOL, VlanProtocol);
        writer.Write(BridgeAttribute.IFLA_BR_VLAN_DEFAULT_PVID, LinkValue.VlanIdOrNone(DefaultVlan));
        writer.Write(BridgeAttribute.IFLA_BR_VLAN_STATS_ENABLED, VlanStatistics);
        writer.Write(BridgeAttribute.IFLA_BR_VLAN_STATS_PER_PORT, VlanStatisticsPerPort);
        writer.Write(BridgeAttribute.IFLA_BR_GROUP_FWD_MASK, GroupForwardMask);
        writer.WritePhysicalAddress(BridgeAttribute.IFLA_BR_GROUP_ADDR, LinkValue.Mac(GroupAddress));
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_SNOOPING, MulticastSnooping);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_ROUTER, MulticastRouter);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_QUERIER, MulticastQuerier);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_QUERY_USE_IFADDR, MulticastQueryWithAddress);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_HASH_ELASTICITY, MulticastHashElasticity);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_HASH_MAX, MulticastHashMaximum);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_LAST_MEMBER_CNT, MulticastLastMemberCount);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_STARTUP_QUERY_CNT, MulticastStartupQueryCount);
        writer.WriteLongTime(BridgeAttribute.IFLA_BR_MCAST_LAST_MEMBER_INTVL, MulticastLastMemberInterval);
        writer.WriteLongTime(BridgeAttribute.IFLA_BR_MCAST_MEMBERSHIP_INTVL, MulticastMembershipInterval);
        writer.WriteLongTime(BridgeAttribute.IFLA_BR_MCAST_QUERIER_INTVL, MulticastQuerierInterval);
        writer.WriteLongTime(BridgeAttribute.IFLA_BR_MCAST_QUERY_INTVL, MulticastQueryInterval);
        writer.WriteLongTime(BridgeAttribute.IFLA_BR_MCAST_QUERY_RESPONSE_INTVL, MulticastQueryResponseInterval);
        writer.WriteLongTime(BridgeAttribute.IFLA_BR_MCAST_STARTUP_QUERY_INTVL, MulticastStartupQueryInterval);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_STATS_ENABLED, MulticastStatistics);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_IGMP_VERSION, IgmpVersion);
        writer.Write(BridgeAttribute.IFLA_BR_MCAST_MLD_VERSION, MldVersion);
        writer.Write(BridgeAttribute.IFLA_BR_NF_CALL_IPTABLES, CallIPTables);
        writer.Write(BridgeAttribute.IFLA_BR_NF_CALL_IP6TABLES, CallIP6Tables);
        writer.Write(BridgeAttribute.IFLA_BR_NF_CALL_ARPTABLES, CallArpTables);
        writer.Write(BridgeAttribute.IFLA_BR_FDB_MAX_LEARNED, MaximumLearned);
        BridgeOptionValues options = default;
        Set(ref options, BridgeOption.BR_BOOLOPT_NO_LL_LEARN, !LinkLocalLearning);
        Set(ref options, BridgeOption.BR_BOOLOPT_MCAST_VLAN_SNOOPING, MulticastVlanSnooping);
        Set(ref options, BridgeOption.BR_BOOLOPT_MST_ENABLE, MultipleSpanningTrees);
        Set(ref options, BridgeOption.BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION, OffloadFailureNotifications);
        Set(ref options, BridgeOption.BR_BOOLOPT_FDB_LOCAL_VLAN_0, LocalAddressesInVlan0);
        if (options.optmask != 0)
            writer.Write(BridgeAttribute.IFLA_BR_MULTI_BOOLOPT, options);
        writer.WriteFlag(BridgeAttribute.IFLA_BR_FDB_FLUSH, FlushAddresses);
    }

    private static bool? Option(BridgeOptionValues options, BridgeOption option)
        => (options.optmask & (1u << (int)option)) == 0 ? null : (options.optval & (1u << (int)option)) != 0;

    private static void Set(ref BridgeOptionValues options, BridgeOption option, bool? value)
    {
        if (value is not { } known)
            return;
        options.optmask |= 1u << (int)option;
        options.optval |= known ? 1u << (int)option : 0;
    }
}
