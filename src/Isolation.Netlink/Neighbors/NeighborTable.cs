using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What the kernel does with neighbours of a family: its limits, or the times of one link (ip-ntable(8), arp(7)).</summary>
/// <param name="Name">The kernel's name of the table: <c>arp_cache</c> or <c>ndisc_cache</c>.</param>
/// <param name="Family">IPv4 or IPv6.</param>
public sealed record NeighborTable(string Name, AddressFamily Family)
{
    /// <summary>The index of the link that the times are of; null for those of new links, with the limits.</summary>
    public int? InterfaceIndex { get; init; }

    /// <summary>How many neighbours there are; null for a link.</summary>
    public int? Count { get; init; }

    /// <summary>Up to this many, none is forgotten early; null for a link.</summary>
    public int? LowThreshold { get; init; }

    /// <summary>With more than this, one is forgotten after 5 s; null for a link.</summary>
    public int? MiddleThreshold { get; init; }

    /// <summary>More than this there cannot be; null for a link.</summary>
    public int? HighThreshold { get; init; }

    /// <summary>How often it is looked for what can be forgotten; null for a link.</summary>
    public TimeSpan? CollectionInterval { get; init; }

    /// <summary>How long an answer counts now: half to one and a half of <see cref="BaseReachableTime"/>.</summary>
    public TimeSpan? ReachableTime { get; init; }

    /// <summary>About how long an answer counts.</summary>
    public TimeSpan? BaseReachableTime { get; init; }

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan? RetransmissionTime { get; init; }

    /// <summary>After how long an unused one can be forgotten.</summary>
    public TimeSpan? StaleTime { get; init; }

    /// <summary>How long a used one waits before it is asked.</summary>
    public TimeSpan? ProbeDelay { get; init; }

    /// <summary>The longest wait before this host answers for another.</summary>
    public TimeSpan? ProxyDelay { get; init; }

    /// <summary>How many bytes of packets wait for an answer.</summary>
    public int? QueueBytes { get; init; }

    /// <summary>How often one is asked by way of a program.</summary>
    public int? ApplicationProbes { get; init; }

    /// <summary>How often one is asked directly.</summary>
    public int? UnicastProbes { get; init; }

    /// <summary>How often all are asked for one.</summary>
    public int? MulticastProbes { get; init; }

    /// <summary>Reads the body of RTM_NEWNEIGHTBL.</summary>
    internal static NeighborTable Read(ReadOnlySpan<byte> body)
    {
        NeighborTableHeader header = Message.ReadFixed<NeighborTableHeader>(body, out AttributeReader attributes);
        var table = new NeighborTable("", IPFamily.FromKernel(header.ndtm_family));
        foreach (Wire.Attribute attribute in attributes)
        {
            table = (NeighborTableAttribute)attribute.Type switch
            {
                NeighborTableAttribute.NDTA_NAME => table with { Name = attribute.Text },
                NeighborTableAttribute.NDTA_THRESH1 => table with { LowThreshold = attribute.Number<int>() },
                NeighborTableAttribute.NDTA_THRESH2 => table with { MiddleThreshold = attribute.Number<int>() },
                NeighborTableAttribute.NDTA_THRESH3 => table with { HighThreshold = attribute.Number<int>() },
                NeighborTableAttribute.NDTA_CONFIG => table with { Count = (int)attribute.Struct<NeighborTableConfiguration>().ndtc_entries },
                NeighborTableAttribute.NDTA_GC_INTERVAL => table with { CollectionInterval = Time(attribute) },
                NeighborTableAttribute.NDTA_PARMS => table.With(attribute.Attributes),
                _ => table,
            };
        }

        return table;
    }

    private NeighborTable With(AttributeReader parameters)
    {
        NeighborTable table = this;
        foreach (Wire.Attribute attribute in parameters)
        {
            table = (NeighborParameterAttribute)attribute.Type switch
            {
                NeighborParameterAttribute.NDTPA_IFINDEX => table with { InterfaceIndex = attribute.Number<int>() is not 0 and var index ? index : null },
                NeighborParameterAttribute.NDTPA_REACHABLE_TIME => table with { ReachableTime = Time(attribute) },
                NeighborParameterAttribute.NDTPA_BASE_REACHABLE_TIME => table with { BaseReachableTime = Time(attribute) },
                NeighborParameterAttribute.NDTPA_RETRANS_TIME => table with { RetransmissionTime = Time(attribute) },
                NeighborParameterAttribute.NDTPA_GC_STALETIME => table with { StaleTime = Time(attribute) },
                NeighborParameterAttribute.NDTPA_DELAY_PROBE_TIME => table with { ProbeDelay = Time(attribute) },
                NeighborParameterAttribute.NDTPA_PROXY_DELAY => table with { ProxyDelay = Time(attribute) },
                NeighborParameterAttribute.NDTPA_QUEUE_LENBYTES => table with { QueueBytes = attribute.Number<int>() },
                NeighborParameterAttribute.NDTPA_APP_PROBES => table with { ApplicationProbes = attribute.Number<int>() },
                NeighborParameterAttribute.NDTPA_UCAST_PROBES => table with { UnicastProbes = attribute.Number<int>() },
                NeighborParameterAttribute.NDTPA_MCAST_PROBES => table with { MulticastProbes = attribute.Number<int>() },
                _ => table,
            };
        }

        return table;
    }

    private static TimeSpan Time(Wire.Attribute attribute)
        => attribute.Number<ulong>() is var milliseconds and <= long.MaxValue / TimeSpan.TicksPerMillisecond ? TimeSpan.FromTicks((long)milliseconds * TimeSpan.TicksPerMillisecond) : TimeSpan.MaxValue;
}
