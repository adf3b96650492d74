using System.Net;
using System.Net.NetworkInformation;

namespace Isolation.Netlink;

/// <summary>A host on a link: which hardware address its address has (ip-neighbour(8)). What a list returns can be deleted.</summary>
/// <param name="InterfaceIndex">The index of the link.</param>
/// <param name="Address">The address, IPv4 or IPv6.</param>
public sealed partial record Neighbor(int InterfaceIndex, IPAddress Address)
{
    /// <summary>The hardware address; null when it is not known, or for a proxy.</summary>
    public PhysicalAddress? LinkLayerAddress { get; init; }

    /// <summary>How much is known of it.</summary>
    public NeighborState State { get; init; } = NeighborState.Permanent;

    /// <summary>Its properties. With <see cref="NeighborFlags.Proxy"/> it is one that this host answers for; link and state do not matter then.</summary>
    public NeighborFlags Flags { get; init; }

    /// <summary>Who made it; null for unknown.</summary>
    public RouteProtocol? Protocol { get; init; }

    /// <summary>The index of the bridge or VRF that the link belongs to; null when the kernel does not tell.</summary>
    public int? MasterIndex { get; internal init; }

    /// <summary>How often it was asked in vain.</summary>
    public uint Probes { get; internal init; }

    /// <summary>When what; null for a proxy.</summary>
    public NeighborTimes? Times { get; internal init; }

    /// <summary>The address.</summary>
    public override string ToString() => Address.ToString();
}

/// <summary>How long ago something happened with a neighbour or a forwarding entry, in steps of 10 ms.</summary>
/// <param name="Confirmed">It answered.</param>
/// <param name="Used">A packet went to it.</param>
/// <param name="Updated">It was changed.</param>
/// <param name="ReferenceCount">How many hold it in the kernel.</param>
public readonly record struct NeighborTimes(TimeSpan Confirmed, TimeSpan Used, TimeSpan Updated, uint ReferenceCount)
{
    internal static NeighborTimes Read(Wire.Attribute attribute)
    {
        Interop.NeighborCacheInformation times = attribute.Struct<Interop.NeighborCacheInformation>();
        return new NeighborTimes(Time(times.ndm_confirmed), Time(times.ndm_used), Time(times.ndm_updated), times.ndm_refcnt);
    }

    private static TimeSpan Time(uint ticks) => TimeSpan.FromTicks(ticks * (TimeSpan.TicksPerSecond / Route.TicksPerSecond));
}
