using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What this host does with packets for one of its segments (ip-route(8), <c>encap seg6local</c>; RFC 8986).</summary>
public sealed record LocalSegmentEncapsulation : RouteEncapsulation
{
    /// <summary>Describes one.</summary>
    /// <param name="action">What is done. That of a BPF program needs a <see cref="RawEncapsulation"/>.</param>
    public LocalSegmentEncapsulation(LocalSegmentAction action)
        : base((int)EncapsulationType.LWTUNNEL_ENCAP_SEG6_LOCAL)
        => Action = action;

    /// <summary>What is done.</summary>
    public LocalSegmentAction Action { get; }

    /// <summary>The table that is looked into.</summary>
    public int? Table { get; init; }

    /// <summary>The table of the VRF that is looked into.</summary>
    public int? VrfTable { get; init; }

    /// <summary>The next router, IPv4 for <see cref="LocalSegmentAction.DecapsulateIPv4"/> and IPv6 otherwise.</summary>
    public IPAddress? NextHop { get; init; }

    /// <summary>The index of the link that packets come back by.</summary>
    public int? InputInterfaceIndex { get; init; }

    /// <summary>The index of the link that packets leave by.</summary>
    public int? OutputInterfaceIndex { get; init; }

    /// <summary>The segments that are put on, in the order of passing; empty for none.</summary>
    public ImmutableArray<IPAddress> Segments { get; init; } = [];

    /// <summary>The id of the key that those segments are signed with; null for no signature.</summary>
    public uint? HmacKeyId { get; init; }

    /// <summary>Variants of the action.</summary>
    public LocalSegmentFlavors Flavors { get; init; }

    /// <summary>For <see cref="LocalSegmentFlavors.NextCompressed"/>: the bits of the block of all nodes.</summary>
    public byte? LocatorBlockBits { get; init; }

    /// <summary>For <see cref="LocalSegmentFlavors.NextCompressed"/>: the bits of the node and its function.</summary>
    public byte? LocatorNodeBits { get; init; }

    /// <summary>What was done so far. Not null in a new one: the kernel counts.</summary>
    public LocalSegmentCounters? Counters { get; init; }

    /// <summary>Compares all properties, the segments one by one.</summary>
    public bool Equals(LocalSegmentEncapsulation? other)
        => other is not null
            && (Action, Table, VrfTable, InputInterfaceIndex, OutputInterfaceIndex, HmacKeyId) == (other.Action, other.Table, other.VrfTable, other.InputInterfaceIndex, other.OutputInterfaceIndex, other.HmacKeyId)
            && (Flavors, LocatorBlockBits, LocatorNodeBits, Counters) == (other.Flavors, other.LocatorBlockBits, other.LocatorNodeBits, other.Counters)
            && Equals(NextHop, other.NextHop) && Segments.SequenceEqual(other.Segments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Action, Table, VrfTable, NextHop, OutputInterfaceIndex, Segments.Length);

    internal static RouteEncapsulation ReadData(ReadOnlySpan<byte> data)
    {
        var result = new LocalSegmentEncapsulation(0);
        foreach (Wire.Attribute attribute in new AttributeReader(data))
        {
            switch ((LocalSegmentAttribute)attribute.Type)
            {
                case LocalSegmentAttribute.SEG6_LOCAL_ACTION:
                    result = new LocalSegmentEncapsulation((LocalSegmentAction)attribute.Number<int>());
                    break;
                case LocalSegmentAttribute.SEG6_LOCAL_TABLE:
                    result = result with { Table = attribute.Number<int>() };
                    break;
                case LocalSegmentAttribute.SEG6_LOCAL_VRFTABLE:
                    result = result with { VrfTable = attribute.Number<int>() };
                    break;
                case LocalSegmentAttribute.SEG6_LOCAL_NH4 or LocalSegmentAttribute.SEG6_LOCAL_NH6:
                    result = result with { NextHop = attribute.Address };
                    break;
                case LocalSegmentAttribute.SEG6_LOCAL_IIF:
                    result = result with { InputInterfaceIndex = attribute.Number<int>() };
                    break;
                case LocalSegmentAttribute.SEG6_LOCAL_OIF:
                    result = result with { OutputInterfaceIndex = attribute.Number<int>() };
                    break;
                case LocalSegmentAttribute.SEG6_LOCAL_SRH:
                    result = result with { Segments = SegmentList.Read(attribute.Value, hasRoom: false, out uint? keyId), HmacKeyId = keyId };
                    break;
                case LocalSegmentAttribute.SEG6_LOCAL_COUNTERS:
                    result = result with { Counters = ReadCounters(attribute.Attributes) };
                    break;
                case LocalSegmentAttribute.SEG6_LOCAL_FLAVORS:
                    result = result.WithFlavors(attribute.Attributes);
                    break;
                case LocalSegmentAttribute.SEG6_LOCAL_BPF:
                    return new RawEncapsulation((int)EncapsulationType.LWTUNNEL_ENCAP_SEG6_LOCAL, [.. data]);
            }
        }

        return result;
    }

    private protected override void WriteAttributes(MessageWriter writer)
    {
        if (Segments.IsDefault)
            throw new ArgumentException("Segments cannot be a default array. Leave them out, or give an empty one.");
        if (Segments.IsEmpty && HmacKeyId is not null)
            throw new ArgumentException("There are no segments to be signed.");
        if (Flavors == 0 && (LocatorBlockBits ?? LocatorNodeBits) is not null)
            throw new ArgumentException($"The lengths of a locator are for {nameof(LocalSegmentFlavors)}.{nameof(LocalSegmentFlavors.NextCompressed)}.");
        writer.Write(LocalSegmentAttribute.SEG6_LOCAL_ACTION, Action);
        if (!Segments.IsEmpty)
            writer.WriteBytes(LocalSegmentAttribute.SEG6_LOCAL_SRH, SegmentList.Write(Segments, HmacKeyId, hasRoom: false));
        writer.Write(LocalSegmentAttribute.SEG6_LOCAL_TABLE, Table);
        writer.Write(LocalSegmentAttribute.SEG6_LOCAL_VRFTABLE, VrfTable);
        if (NextHop is not null)
            writer.WriteAddress(NextHop.AddressFamily == AddressFamily.InterNetworkV6 ? LocalSegmentAttribute.SEG6_LOCAL_NH6 : LocalSegmentAttribute.SEG6_LOCAL_NH4, NextHop);
        writer.Write(LocalSegmentAttribute.SEG6_LOCAL_IIF, InputInterfaceIndex);
        writer.Write(LocalSegmentAttribute.SEG6_LOCAL_OIF, OutputInterfaceIndex);
        if (Counters is { } counters)
        {
            using MessageWriter.Scope scope = writer.Nest(LocalSegmentAttribute.SEG6_LOCAL_COUNTERS);
            writer.Write(LocalSegmentCounterAttribute.SEG6_LOCAL_CNT_PACKETS, counters.Packets);
            writer.Write(LocalSegmentCounterAttribute.SEG6_LOCAL_CNT_BYTES, counters.Bytes);
            writer.Write(LocalSegmentCounterAttribute.SEG6_LOCAL_CNT_ERRORS, counters.Errors);
        }

        if (Flavors != 0)
        {
            using MessageWriter.Scope scope = writer.Nest(LocalSegmentAttribute.SEG6_LOCAL_FLAVORS);
            writer.Write(LocalSegmentFlavorAttribute.SEG6_LOCAL_FLV_OPERATION, Flavors);
            writer.Write(LocalSegmentFlavorAttribute.SEG6_LOCAL_FLV_LCBLOCK_BITS, LocatorBlockBits);
            writer.Write(LocalSegmentFlavorAttribute.SEG6_LOCAL_FLV_LCNODE_FN_BITS, LocatorNodeBits);
        }
    }

    private static LocalSegmentCounters ReadCounters(AttributeReader attributes)
    {
        long packets = 0, bytes = 0, errors = 0;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((LocalSegmentCounterAttribute)attribute.Type)
            {
                case LocalSegmentCounterAttribute.SEG6_LOCAL_CNT_PACKETS:
                    packets = attribute.Number<long>();
                    break;
                case LocalSegmentCounterAttribute.SEG6_LOCAL_CNT_BYTES:
                    bytes = attribute.Number<long>();
                    break;
                case LocalSegmentCounterAttribute.SEG6_LOCAL_CNT_ERRORS:
                    errors = attribute.Number<long>();
                    break;
            }
        }

        return new LocalSegmentCounters(packets, bytes, errors);
    }

    private LocalSegmentEncapsulation WithFlavors(AttributeReader attributes)
    {
        LocalSegmentEncapsulation result = this;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((LocalSegmentFlavorAttribute)attribute.Type)
            {
                case LocalSegmentFlavorAttribute.SEG6_LOCAL_FLV_OPERATION:
                    result = result with { Flavors = attribute.Number<LocalSegmentFlavors>() };
                    break;
                case LocalSegmentFlavorAttribute.SEG6_LOCAL_FLV_LCBLOCK_BITS:
                    result = result with { LocatorBlockBits = attribute.Number<byte>() };
                    break;
                case LocalSegmentFlavorAttribute.SEG6_LOCAL_FLV_LCNODE_FN_BITS:
                    result = result with { LocatorNodeBits = attribute.Number<byte>() };
                    break;
            }
        }

        return result;
    }
}

/// <summary>What was done with packets for a segment.</summary>
/// <param name="Packets">The packets that were handled.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Errors">The packets that were dropped.</param>
public readonly record struct LocalSegmentCounters(long Packets, long Bytes, long Errors);
