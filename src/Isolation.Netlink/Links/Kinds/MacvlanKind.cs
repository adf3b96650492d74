using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What a macvlan and a macvtap have in common: they are further MAC addresses of another link, their parent. What is null is left to the kernel.</summary>
public abstract record MacvlanKind : LinkKind
{
    private readonly Sequence<PhysicalAddress>? _sourceAddresses;

    private protected MacvlanKind(string name)
        : base(name)
    {
    }

    private protected MacvlanKind(string name, AttributeReader data)
        : base(name)
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((MacvlanAttribute)attribute.Type)
            {
                case MacvlanAttribute.IFLA_MACVLAN_MODE:
                    Mode = attribute.Number<MacvlanMode>();
                    break;
                case MacvlanAttribute.IFLA_MACVLAN_FLAGS:
                    Flags = attribute.Number<MacvlanFlags>();
                    break;
                case MacvlanAttribute.IFLA_MACVLAN_BC_QUEUE_LEN:
                    BroadcastQueueLength = attribute.Number<uint>();
                    break;
                case MacvlanAttribute.IFLA_MACVLAN_BC_CUTOFF:
                    BroadcastCutoff = attribute.Number<int>();
                    break;
                case MacvlanAttribute.IFLA_MACVLAN_MACADDR_DATA:
                    SourceAddresses = attribute.PhysicalAddresses;
                    break;
                case MacvlanAttribute.IFLA_MACVLAN_BC_QUEUE_LEN_USED:
                    BroadcastQueueLengthUsed = attribute.Number<uint>();
                    break;
                case MacvlanAttribute.IFLA_MACVLAN_MACADDR_MODE:
                case MacvlanAttribute.IFLA_MACVLAN_MACADDR_COUNT:
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>Whom it talks with (IFLA_MACVLAN_MODE).</summary>
    public MacvlanMode? Mode { get; init; }

    /// <summary>What else is switched on (IFLA_MACVLAN_FLAGS).</summary>
    public MacvlanFlags? Flags { get; init; }

    /// <summary>Broadcasts that wait at the most; the largest that any macvlan of the parent asks for counts (IFLA_MACVLAN_BC_QUEUE_LEN).</summary>
    public uint? BroadcastQueueLength { get; init; }

    /// <summary>How many may want a multicast that is not delivered by way of the queue; -1: none is. Linux 6.5 (IFLA_MACVLAN_BC_CUTOFF).</summary>
    public int? BroadcastCutoff { get; init; }

    /// <summary>
    /// With <see cref="MacvlanMode.Source"/>: the MAC addresses whose packets it takes (IFLA_MACVLAN_MACADDR_DATA). Given, they take
    /// the place of those that there were; null leaves them as they are.
    /// </summary>
    public ImmutableArray<PhysicalAddress>? SourceAddresses
    {
        get => _sourceAddresses?.Items;
        init => _sourceAddresses = value is { } addresses ? new Sequence<PhysicalAddress>(addresses) : null;
    }

    /// <summary>Told only: the length that counts (IFLA_MACVLAN_BC_QUEUE_LEN_USED).</summary>
    public uint? BroadcastQueueLengthUsed { get; private init; }

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(MacvlanAttribute.IFLA_MACVLAN_MODE, Mode);
        writer.Write(MacvlanAttribute.IFLA_MACVLAN_FLAGS, Flags);
        writer.Write(MacvlanAttribute.IFLA_MACVLAN_BC_QUEUE_LEN, BroadcastQueueLength);
        writer.Write(MacvlanAttribute.IFLA_MACVLAN_BC_CUTOFF, BroadcastCutoff);
        if (SourceAddresses is { } addresses)
        {
            writer.Write(MacvlanAttribute.IFLA_MACVLAN_MACADDR_MODE, MacvlanAddressChange.MACVLAN_MACADDR_SET);
            using (writer.Nest(MacvlanAttribute.IFLA_MACVLAN_MACADDR_DATA))
            {
                foreach (PhysicalAddress address in addresses)
                    writer.WritePhysicalAddress(MacvlanAttribute.IFLA_MACVLAN_MACADDR, LinkValue.Mac(address));
            }
        }
    }
}
