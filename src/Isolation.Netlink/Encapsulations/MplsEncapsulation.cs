using System.Buffers.Binary;
using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Labels of MPLS are put before the packets (ip-route(8), <c>encap mpls</c>).</summary>
public sealed record MplsEncapsulation : RouteEncapsulation
{
    private const int LargestLabel = (1 << 20) - 1;

    /// <summary>Describes one.</summary>
    /// <param name="labels">The labels, the outermost first: 0 to 1048575.</param>
    public MplsEncapsulation(params ImmutableArray<int> labels)
        : base((int)EncapsulationType.LWTUNNEL_ENCAP_MPLS)
        => Labels = labels.IsDefault ? [] : labels;

    /// <summary>The labels, the outermost first.</summary>
    public ImmutableArray<int> Labels { get; }

    /// <summary>The time to live that the labels get; null for that of the packet.</summary>
    public byte? TimeToLive { get; init; }

    /// <summary>Compares the labels one by one.</summary>
    public bool Equals(MplsEncapsulation? other) => other is not null && TimeToLive == other.TimeToLive && Labels.AsSpan().SequenceEqual(other.Labels.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TimeToLive, Labels.Length);

    internal static MplsEncapsulation ReadData(AttributeReader attributes)
    {
        ImmutableArray<int> labels = [];
        byte? timeToLive = null;
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)MplsEncapsulationAttribute.MPLS_IPTUNNEL_DST)
                labels = ReadLabels(attribute.Value);
            else if (attribute.Type == (ushort)MplsEncapsulationAttribute.MPLS_IPTUNNEL_TTL)
                timeToLive = attribute.Number<byte>();
        }

        return new MplsEncapsulation(labels) { TimeToLive = timeToLive };
    }

    private protected override void WriteAttributes(MessageWriter writer)
    {
        if (Labels.IsEmpty || Labels.Any(l => l is < 0 or > LargestLabel))
            throw new ArgumentException($"MPLS needs labels from 0 to {LargestLabel}.");
        Span<byte> entries = new byte[Labels.Length * sizeof(uint)];
        for (int i = 0; i < Labels.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(entries[(i * sizeof(uint))..], ((uint)Labels[i] << 12) | (i == Labels.Length - 1 ? 1u << 8 : 0));
        writer.WriteBytes(MplsEncapsulationAttribute.MPLS_IPTUNNEL_DST, entries);
        writer.Write(MplsEncapsulationAttribute.MPLS_IPTUNNEL_TTL, TimeToLive);
    }

    // A label stack entry (RFC 3032): 20 bits of label, 3 of traffic class, 1 that ends the stack, 8 of time to live.
    private static ImmutableArray<int> ReadLabels(ReadOnlySpan<byte> entries)
    {
        if (entries.Length % sizeof(uint) != 0)
            throw NetlinkException.Malformed($"labels of {entries.Length} bytes");
        ImmutableArray<int>.Builder labels = ImmutableArray.CreateBuilder<int>(entries.Length / sizeof(uint));
        for (; !entries.IsEmpty; entries = entries[sizeof(uint)..])
            labels.Add((int)(BinaryPrimitives.ReadUInt32BigEndian(entries) >> 12));
        return labels.MoveToImmutable();
    }
}
