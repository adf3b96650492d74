using System.Net.NetworkInformation;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>One link of a bond. What is null is left as it is.</summary>
public sealed record BondPort() : LinkPort(KindName)
{
    internal const string KindName = "bond";

    internal BondPort(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((BondPortAttribute)attribute.Type)
            {
                case BondPortAttribute.IFLA_BOND_SLAVE_QUEUE_ID:
                    QueueId = attribute.Number<ushort>();
                    break;
                case BondPortAttribute.IFLA_BOND_SLAVE_PRIO:
                    Priority = attribute.Number<int>();
                    break;
                case BondPortAttribute.IFLA_BOND_SLAVE_ACTOR_PORT_PRIO:
                    ActorPortPriority = attribute.Number<ushort>();
                    break;
                case BondPortAttribute.IFLA_BOND_SLAVE_STATE:
                    State = attribute.Number<BondPortState>();
                    break;
                case BondPortAttribute.IFLA_BOND_SLAVE_MII_STATUS:
                    LinkState = attribute.Number<BondPortLinkState>();
                    break;
                case BondPortAttribute.IFLA_BOND_SLAVE_LINK_FAILURE_COUNT:
                    Failures = attribute.Number<uint>();
                    break;
                case BondPortAttribute.IFLA_BOND_SLAVE_PERM_HWADDR:
                    PermanentAddress = attribute.PhysicalAddress;
                    break;
                case BondPortAttribute.IFLA_BOND_SLAVE_AD_AGGREGATOR_ID:
                    AggregatorId = attribute.Number<ushort>();
                    break;
                case BondPortAttribute.IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE:
                    ActorState = attribute.Number<byte>();
                    break;
                case BondPortAttribute.IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE:
                    PartnerState = attribute.Number<ushort>();
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>The queue by which packets are led to it; 0 for none (IFLA_BOND_SLAVE_QUEUE_ID).</summary>
    public ushort? QueueId { get; init; }

    /// <summary>How much it is preferred as the active one. Linux 6.0 (IFLA_BOND_SLAVE_PRIO).</summary>
    public int? Priority { get; init; }

    /// <summary>LACP: its priority. Linux 6.18 (IFLA_BOND_SLAVE_ACTOR_PORT_PRIO).</summary>
    public ushort? ActorPortPriority { get; init; }

    /// <summary>Told only: whether it is in use (IFLA_BOND_SLAVE_STATE).</summary>
    public BondPortState? State { get; private init; }

    /// <summary>Told only: whether it works (IFLA_BOND_SLAVE_MII_STATUS).</summary>
    public BondPortLinkState? LinkState { get; private init; }

    /// <summary>Told only: how often it failed (IFLA_BOND_SLAVE_LINK_FAILURE_COUNT).</summary>
    public uint? Failures { get; private init; }

    /// <summary>Told only: the MAC address that it had before (IFLA_BOND_SLAVE_PERM_HWADDR).</summary>
    public PhysicalAddress? PermanentAddress { get; private init; }

    /// <summary>Told only, LACP: its group (IFLA_BOND_SLAVE_AD_AGGREGATOR_ID).</summary>
    public ushort? AggregatorId { get; private init; }

    /// <summary>Told only, LACP: the state on this side, bits of IEEE 802.1AX (IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE).</summary>
    public byte? ActorState { get; private init; }

    /// <summary>Told only, LACP: the state on the other side (IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE).</summary>
    public ushort? PartnerState { get; private init; }

    internal static LinkPortEntry Entry { get; } = new(KindName, static data => new BondPort(data), AttributeSpace.Of<BondPortAttribute>());

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(BondPortAttribute.IFLA_BOND_SLAVE_QUEUE_ID, QueueId);
        writer.Write(BondPortAttribute.IFLA_BOND_SLAVE_PRIO, Priority);
        writer.Write(BondPortAttribute.IFLA_BOND_SLAVE_ACTOR_PORT_PRIO, ActorPortPriority);
    }
}
