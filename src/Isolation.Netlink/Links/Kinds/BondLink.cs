using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Several links as one (ip-link(8), Documentation/networking/bonding.rst). What is null is left to the kernel.</summary>
public sealed record BondLink() : LinkKind(KindName)
{
    internal const string KindName = "bond";

    private readonly Sequence<IPAddress> _arpTargets;
    private readonly Sequence<IPAddress> _neighbourTargets;

    internal BondLink(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((BondAttribute)attribute.Type)
            {
                case BondAttribute.IFLA_BOND_MODE:
                    Mode = attribute.Number<BondMode>();
                    break;
                case BondAttribute.IFLA_BOND_ACTIVE_SLAVE:
                    ActiveIndex = attribute.Number<int>();
                    break;
                case BondAttribute.IFLA_BOND_MIIMON:
                    MonitorInterval = attribute.Time(LinkTime.Millisecond);
                    break;
                case BondAttribute.IFLA_BOND_UPDELAY:
                    UpDelay = attribute.Time(LinkTime.Millisecond);
                    break;
                case BondAttribute.IFLA_BOND_DOWNDELAY:
                    DownDelay = attribute.Time(LinkTime.Millisecond);
                    break;
                case BondAttribute.IFLA_BOND_PEER_NOTIF_DELAY:
                    PeerNotificationDelay = attribute.Time(LinkTime.Millisecond);
                    break;
                case BondAttribute.IFLA_BOND_USE_CARRIER:
                    UseCarrier = attribute.Boolean;
                    break;
                case BondAttribute.IFLA_BOND_ARP_INTERVAL:
                    ArpInterval = attribute.Time(LinkTime.Millisecond);
                    break;
                case BondAttribute.IFLA_BOND_ARP_IP_TARGET:
                    ArpTargets = attribute.Addresses;
                    break;
                case BondAttribute.IFLA_BOND_NS_IP6_TARGET:
                    NeighbourTargets = attribute.Addresses;
                    break;
                case BondAttribute.IFLA_BOND_ARP_VALIDATE:
                    ArpValidation = attribute.Number<BondArpValidation>();
                    break;
                case BondAttribute.IFLA_BOND_ARP_ALL_TARGETS:
                    ArpAllTargets = attribute.Number<uint>() != 0;
                    break;
                case BondAttribute.IFLA_BOND_MISSED_MAX:
                    MissedMaximum = attribute.Number<byte>();
                    break;
                case BondAttribute.IFLA_BOND_PRIMARY:
                    PrimaryIndex = attribute.Number<int>();
                    break;
                case BondAttribute.IFLA_BOND_PRIMARY_RESELECT:
                    PrimaryReselection = attribute.Number<BondPrimaryReselection>();
                    break;
                case BondAttribute.IFLA_BOND_FAIL_OVER_MAC:
                    FailOverAddress = attribute.Number<BondFailOverAddress>();
                    break;
                case BondAttribute.IFLA_BOND_XMIT_HASH_POLICY:
                    TransmitHash = attribute.Number<BondTransmitHash>();
                    break;
                case BondAttribute.IFLA_BOND_RESEND_IGMP:
                    IgmpResends = attribute.Number<uint>();
                    break;
                case BondAttribute.IFLA_BOND_NUM_PEER_NOTIF:
                    PeerNotifications = attribute.Number<byte>();
                    break;
                case BondAttribute.IFLA_BOND_ALL_SLAVES_ACTIVE:
                    AllPortsActive = attribute.Boolean;
                    break;
                case BondAttribute.IFLA_BOND_MIN_LINKS:
                    MinimumLinks = attribute.Number<uint>();
                    break;
                case BondAttribute.IFLA_BOND_LP_INTERVAL:
                    LearningPacketInterval = attribute.Time(LinkTime.Second);
                    break;
                case BondAttribute.IFLA_BOND_PACKETS_PER_SLAVE:
                    PacketsPerPort = attribute.Number<uint>();
                    break;
                case BondAttribute.IFLA_BOND_TLB_DYNAMIC_LB:
                    DynamicLoadBalancing = attribute.Boolean;
                    break;
                case BondAttribute.IFLA_BOND_AD_LACP_ACTIVE:
                    LacpActive = attribute.Boolean;
                    break;
                case BondAttribute.IFLA_BOND_AD_LACP_RATE:
                    LacpRate = attribute.Number<BondLacpRate>();
                    break;
                case BondAttribute.IFLA_BOND_AD_SELECT:
                    AggregatorSelection = attribute.Number<BondAggregatorSelection>();
                    break;
                case BondAttribute.IFLA_BOND_AD_ACTOR_SYS_PRIO:
                    ActorSystemPriority = attribute.Number<ushort>();
                    break;
                case BondAttribute.IFLA_BOND_AD_ACTOR_SYSTEM:
                    ActorSystem = attribute.PhysicalAddress;
                    break;
                case BondAttribute.IFLA_BOND_AD_USER_PORT_KEY:
                    UserPortKey = attribute.Number<ushort>();
                    break;
                case BondAttribute.IFLA_BOND_COUPLED_CONTROL:
                    CoupledControl = attribute.Boolean;
                    break;
                case BondAttribute.IFLA_BOND_BROADCAST_NEIGH:
                    BroadcastNeighbours = attribute.Boolean;
                    break;
                case BondAttribute.IFLA_BOND_AD_INFO:
                    Aggregator = BondAggregator.Read(attribute.Attributes);
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>How the links are used. It can be changed only while the bond is down and has none (IFLA_BOND_MODE).</summary>
    public BondMode? Mode { get; init; }

    /// <summary>The index of the link that is in use; 0 lets the bond choose (IFLA_BOND_ACTIVE_SLAVE).</summary>
    public int? ActiveIndex { get; init; }

    /// <summary>The time between looks at the carrier, in milliseconds; zero for none (IFLA_BOND_MIIMON).</summary>
    public TimeSpan? MonitorInterval { get; init; }

    /// <summary>How long a carrier must be there, a multiple of the interval (IFLA_BOND_UPDELAY).</summary>
    public TimeSpan? UpDelay { get; init; }

    /// <summary>How long a carrier must be gone, a multiple of the interval (IFLA_BOND_DOWNDELAY).</summary>
    public TimeSpan? DownDelay { get; init; }

    /// <summary>The time between notifications of peers, a multiple of the interval (IFLA_BOND_PEER_NOTIF_DELAY).</summary>
    public TimeSpan? PeerNotificationDelay { get; init; }

    /// <summary>Whether the driver is asked for the carrier in the usual way. Always true since Linux 6.18 (IFLA_BOND_USE_CARRIER).</summary>
    public bool? UseCarrier { get; init; }

    /// <summary>The time between requests of ARP, in milliseconds; zero for none (IFLA_BOND_ARP_INTERVAL).</summary>
    public TimeSpan? ArpInterval { get; init; }

    /// <summary>Who is asked by ARP: IPv4, 16 at the most (IFLA_BOND_ARP_IP_TARGET).</summary>
    public ImmutableArray<IPAddress> ArpTargets
    {
        get => _arpTargets.Items;
        init => _arpTargets = new Sequence<IPAddress>(value);
    }

    /// <summary>Who is asked by neighbour discovery: IPv6, 16 at the most (IFLA_BOND_NS_IP6_TARGET).</summary>
    public ImmutableArray<IPAddress> NeighbourTargets
    {
        get => _neighbourTargets.Items;
        init => _neighbourTargets = new Sequence<IPAddress>(value);
    }

    /// <summary>Which answers are checked (IFLA_BOND_ARP_VALIDATE).</summary>
    public BondArpValidation? ArpValidation { get; init; }

    /// <summary>Whether all of them must answer (IFLA_BOND_ARP_ALL_TARGETS).</summary>
    public bool? ArpAllTargets { get; init; }

    /// <summary>Answers that may be missing: 1 to 255 (IFLA_BOND_MISSED_MAX).</summary>
    public byte? MissedMaximum { get; init; }

    /// <summary>The index of the link that is preferred; 0 for none (IFLA_BOND_PRIMARY).</summary>
    public int? PrimaryIndex { get; init; }

    /// <summary>When it becomes the active one again (IFLA_BOND_PRIMARY_RESELECT).</summary>
    public BondPrimaryReselection? PrimaryReselection { get; init; }

    /// <summary>Which link has which MAC address (IFLA_BOND_FAIL_OVER_MAC).</summary>
    public BondFailOverAddress? FailOverAddress { get; init; }

    /// <summary>What decides by which link a packet leaves (IFLA_BOND_XMIT_HASH_POLICY).</summary>
    public BondTransmitHash? TransmitHash { get; init; }

    /// <summary>How often memberships are told after a failure: 0 to 255 (IFLA_BOND_RESEND_IGMP).</summary>
    public uint? IgmpResends { get; init; }

    /// <summary>How often neighbours are told after a failure (IFLA_BOND_NUM_PEER_NOTIF).</summary>
    public byte? PeerNotifications { get; init; }

    /// <summary>Whether packets that come in by links not in use are taken (IFLA_BOND_ALL_SLAVES_ACTIVE).</summary>
    public bool? AllPortsActive { get; init; }

    /// <summary>Links that must work for the bond to have a carrier (IFLA_BOND_MIN_LINKS).</summary>
    public uint? MinimumLinks { get; init; }

    /// <summary>The time between packets by which switches learn, in seconds (IFLA_BOND_LP_INTERVAL).</summary>
    public TimeSpan? LearningPacketInterval { get; init; }

    /// <summary>Packets by one link before the next takes over; 0 for chance (IFLA_BOND_PACKETS_PER_SLAVE).</summary>
    public uint? PacketsPerPort { get; init; }

    /// <summary>Whether loads are balanced anew all the time (IFLA_BOND_TLB_DYNAMIC_LB).</summary>
    public bool? DynamicLoadBalancing { get; init; }

    /// <summary>Whether it begins to talk LACP itself (IFLA_BOND_AD_LACP_ACTIVE).</summary>
    public bool? LacpActive { get; init; }

    /// <summary>How often the other side is to talk (IFLA_BOND_AD_LACP_RATE).</summary>
    public BondLacpRate? LacpRate { get; init; }

    /// <summary>Which group of links is used (IFLA_BOND_AD_SELECT).</summary>
    public BondAggregatorSelection? AggregatorSelection { get; init; }

    /// <summary>LACP: the priority of this system (IFLA_BOND_AD_ACTOR_SYS_PRIO).</summary>
    public ushort? ActorSystemPriority { get; init; }

    /// <summary>LACP: the address of this system (IFLA_BOND_AD_ACTOR_SYSTEM).</summary>
    public PhysicalAddress? ActorSystem { get; init; }

    /// <summary>LACP: the upper ten bits of the key of ports (IFLA_BOND_AD_USER_PORT_KEY).</summary>
    public ushort? UserPortKey { get; init; }

    /// <summary>LACP: whether receiving and sending begin together. Linux 6.9 (IFLA_BOND_COUPLED_CONTROL).</summary>
    public bool? CoupledControl { get; init; }

    /// <summary>LACP: whether ARP and neighbour discovery leave by all links. Linux 6.17 (IFLA_BOND_BROADCAST_NEIGH).</summary>
    public bool? BroadcastNeighbours { get; init; }

    /// <summary>Told only: the group of links in use, with LACP (IFLA_BOND_AD_INFO).</summary>
    public BondAggregator? Aggregator { get; private init; }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new BondLink(data), AttributeSpace.Of<BondAttribute>().With(BondAttribute.IFLA_BOND_AD_INFO, AttributeSpace.Of<BondAggregatorAttribute>()));

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(BondAttribute.IFLA_BOND_MODE, Mode);
        writer.Write(BondAttribute.IFLA_BOND_ACTIVE_SLAVE, LinkValue.NotNegative(ActiveIndex, nameof(ActiveIndex)));
        writer.WriteTime(BondAttribute.IFLA_BOND_MIIMON, MonitorInterval, LinkTime.Millisecond);
        writer.WriteTime(BondAttribute.IFLA_BOND_UPDELAY, UpDelay, LinkTime.Millisecond);
        writer.WriteTime(BondAttribute.IFLA_BOND_DOWNDELAY, DownDelay, LinkTime.Millisecond);
        writer.WriteTime(BondAttribute.IFLA_BOND_PEER_NOTIF_DELAY, PeerNotificationDelay, LinkTime.Millisecond);
        writer.Write(BondAttribute.IFLA_BOND_USE_CARRIER, UseCarrier);
        writer.WriteTime(BondAttribute.IFLA_BOND_ARP_INTERVAL, ArpInterval, LinkTime.Millisecond);
        writer.WriteAddresses(BondAttribute.IFLA_BOND_ARP_IP_TARGET, ArpTargets, AddressFamily.InterNetwork);
        writer.WriteAddresses(BondAttribute.IFLA_BOND_NS_IP6_TARGET, NeighbourTargets, AddressFamily.InterNetworkV6);
        writer.Write(BondAttribute.IFLA_BOND_ARP_VALIDATE, ArpValidation);
        writer.WriteBoolean32(BondAttribute.IFLA_BOND_ARP_ALL_TARGETS, ArpAllTargets);
        writer.Write(BondAttribute.IFLA_BOND_MISSED_MAX, MissedMaximum);
        writer.Write(BondAttribute.IFLA_BOND_PRIMARY, LinkValue.NotNegative(PrimaryIndex, nameof(PrimaryIndex)));
        writer.Write(BondAttribute.IFLA_BOND_PRIMARY_RESELECT, PrimaryReselection);
        writer.Write(BondAttribute.IFLA_BOND_FAIL_OVER_MAC, FailOverAddress);
        writer.Write(BondAttribute.IFLA_BOND_XMIT_HASH_POLICY, TransmitHash);
        writer.Write(BondAttribute.IFLA_BOND_RESEND_IGMP, IgmpResends);
        writer.Write(BondAttribute.IFLA_BOND_NUM_PEER_NOTIF, PeerNotifications);
        writer.Write(BondAttribute.IFLA_BOND_ALL_SLAVES_ACTIVE, AllPortsActive);
        writer.Write(BondAttribute.IFLA_BOND_MIN_LINKS, MinimumLinks);
        writer.WriteTime(BondAttribute.IFLA_BOND_LP_INTERVAL, LearningPacketInterval, LinkTime.Second);
        writer.Write(BondAttribute.IFLA_BOND_PACKETS_PER_SLAVE, PacketsPerPort);
        writer.Write(BondAttribute.IFLA_BOND_TLB_DYNAMIC_LB, DynamicLoadBalancing);
        writer.Write(BondAttribute.IFLA_BOND_AD_LACP_ACTIVE, LacpActive);
        writer.Write(BondAttribute.IFLA_BOND_AD_LACP_RATE, LacpRate);
        writer.Write(BondAttribute.IFLA_BOND_AD_SELECT, AggregatorSelection);
        writer.Write(BondAttribute.IFLA_BOND_AD_ACTOR_SYS_PRIO, ActorSystemPriority);
        writer.WritePhysicalAddress(BondAttribute.IFLA_BOND_AD_ACTOR_SYSTEM, LinkValue.Mac(ActorSystem));
        writer.Write(BondAttribute.IFLA_BOND_AD_USER_PORT_KEY, UserPortKey);
        writer.Write(BondAttribute.IFLA_BOND_COUPLED_CONTROL, CoupledControl);
        writer.Write(BondAttribute.IFLA_BOND_BROADCAST_NEIGH, BroadcastNeighbours);
    }
}
