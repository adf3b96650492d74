using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A part of a network card of SR-IOV that can be given to somebody else (ip-link(8), vf).</summary>
public sealed record VirtualFunction
{
    private const int MacLength = 6;

    /// <summary>Its number.</summary>
    public int Number { get; init; }

    /// <summary>Its MAC address (IFLA_VF_MAC).</summary>
    public PhysicalAddress Address { get; init; } = PhysicalAddress.None;

    /// <summary>The VLAN that its packets get; 0 for none (IFLA_VF_VLAN_LIST).</summary>
    public int Vlan { get; init; }

    /// <summary>The priority in the tag (IFLA_VF_VLAN_LIST).</summary>
    public int VlanPriority { get; init; }

    /// <summary>The Ethernet type of the tag; 0 when it is not told (IFLA_VF_VLAN_LIST).</summary>
    public ushort VlanProtocol { get; init; }

    /// <summary>What it may send in any case, in megabits a second; 0 for nothing (IFLA_VF_RATE).</summary>
    public int MinimumRate { get; init; }

    /// <summary>What it may send at the most, in megabits a second; 0 for no limit (IFLA_VF_RATE).</summary>
    public int MaximumRate { get; init; }

    /// <summary>Whether only its own MAC address may be a source; null where the hardware cannot (IFLA_VF_SPOOFCHK).</summary>
    public bool? SpoofCheck { get; init; }

    /// <summary>Whether it may change what is others' too; null where the hardware cannot (IFLA_VF_TRUST).</summary>
    public bool? IsTrusted { get; init; }

    /// <summary>Whether it has a carrier; null where the hardware does not tell (IFLA_VF_LINK_STATE).</summary>
    public VirtualFunctionState? State { get; init; }

    /// <summary>Its counters, those of them that the hardware has (IFLA_VF_STATS).</summary>
    public LinkStatistics Statistics { get; init; }

    internal static ImmutableArray<VirtualFunction> ReadList(AttributeReader attributes)
    {
        ImmutableArray<VirtualFunction>.Builder functions = ImmutableArray.CreateBuilder<VirtualFunction>();
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)VirtualFunctionListAttribute.IFLA_VF_INFO)
                functions.Add(Read(attribute.Attributes));
        }

        return functions.DrainToImmutable();
    }

    private static VirtualFunction Read(AttributeReader attributes)
    {
        int number = 0;
        PhysicalAddress address = PhysicalAddress.None;
        VirtualFunctionVlanData vlan = default;
        VirtualFunctionRateData rate = default;
        bool? spoofCheck = null, isTrusted = null;
        VirtualFunctionState? state = null;
        LinkStatistics statistics = default;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((VirtualFunctionAttribute)attribute.Type)
            {
                case VirtualFunctionAttribute.IFLA_VF_MAC when attribute.Value.Length >= sizeof(int) + MacLength:
                    number = MemoryMarshal.Read<int>(attribute.Value);
                    address = new PhysicalAddress(attribute.Value.Slice(sizeof(int), MacLength).ToArray());
                    break;
                case VirtualFunctionAttribute.IFLA_VF_VLAN_LIST:
                    foreach (Wire.Attribute inner in attribute.Attributes)
                        vlan = inner.Struct<VirtualFunctionVlanData>();
                    break;
                case VirtualFunctionAttribute.IFLA_VF_RATE:
                    rate = attribute.Struct<VirtualFunctionRateData>();
                    break;
                case VirtualFunctionAttribute.IFLA_VF_SPOOFCHK:
                    spoofCheck = Setting(attribute);
                    break;
                case VirtualFunctionAttribute.IFLA_VF_TRUST:
                    isTrusted = Setting(attribute);
                    break;
                case VirtualFunctionAttribute.IFLA_VF_LINK_STATE:
                    state = (VirtualFunctionState)attribute.Struct<VirtualFunctionStateData>().link_state;
                    break;
                case VirtualFunctionAttribute.IFLA_VF_STATS:
                    statistics = ReadStatistics(attribute.Attributes);
                    break;
            }
        }

        return new VirtualFunction
        {
            Number = number,
            Address = address,
            Vlan = (int)vlan.vlan,
            VlanPriority = (int)vlan.qos,
            VlanProtocol = BinaryPrimitives.ReverseEndianness(vlan.vlan_proto),
            MinimumRate = (int)rate.min_tx_rate,
            MaximumRate = (int)rate.max_tx_rate,
            SpoofCheck = spoofCheck,
            IsTrusted = isTrusted,
            State = state,
            Statistics = statistics,
        };
    }

    // All ones: the driver has no such setting.
    private static bool? Setting(Wire.Attribute attribute)
    {
        uint setting = attribute.Struct<VirtualFunctionSettingData>().setting;
        return setting == uint.MaxValue ? null : setting != 0;
    }

    private static LinkStatistics ReadStatistics(AttributeReader attributes)
    {
        LinkStatistics statistics = default;
        foreach (Wire.Attribute attribute in attributes)
        {
            statistics = (VirtualFunctionCounterAttribute)attribute.Type switch
            {
                VirtualFunctionCounterAttribute.IFLA_VF_STATS_RX_PACKETS => statistics with { ReceivedPackets = attribute.Number<long>() },
                VirtualFunctionCounterAttribute.IFLA_VF_STATS_TX_PACKETS => statistics with { SentPackets = attribute.Number<long>() },
                VirtualFunctionCounterAttribute.IFLA_VF_STATS_RX_BYTES => statistics with { ReceivedBytes = attribute.Number<long>() },
                VirtualFunctionCounterAttribute.IFLA_VF_STATS_TX_BYTES => statistics with { SentBytes = attribute.Number<long>() },
                VirtualFunctionCounterAttribute.IFLA_VF_STATS_MULTICAST => statistics with { ReceivedMulticasts = attribute.Number<long>() },
                VirtualFunctionCounterAttribute.IFLA_VF_STATS_RX_DROPPED => statistics with { ReceiveDrops = attribute.Number<long>() },
                VirtualFunctionCounterAttribute.IFLA_VF_STATS_TX_DROPPED => statistics with { SendDrops = attribute.Number<long>() },
                _ => statistics,
            };
        }

        return statistics;
    }
}
