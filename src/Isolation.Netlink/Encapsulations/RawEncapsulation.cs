using System.Collections.Immutable;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>An encapsulation of a kind that has no type of its own here, such as BPF, RPL, IOAM or XFRM.</summary>
public sealed record RawEncapsulation : RouteEncapsulation
{
    /// <summary>Describes one.</summary>
    /// <param name="type">The kernel's number of the kind (LWTUNNEL_ENCAP_* of linux/lwtunnel.h): 1 to 65535.</param>
    /// <param name="data">Its attributes, as they stand inside RTA_ENCAP.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public RawEncapsulation(int type, ImmutableArray<byte> data)
        : base(type)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(type);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(type, ushort.MaxValue);
        Data = data.IsDefault ? [] : data;
    }

    /// <summary>Its attributes, as they stand inside RTA_ENCAP.</summary>
    public ImmutableArray<byte> Data { get; }

    /// <summary>Compares the kind and the bytes.</summary>
    public bool Equals(RawEncapsulation? other) => other is not null && Type == other.Type && Data.AsSpan().SequenceEqual(other.Data.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Data.Length);

    private protected override void WriteData<TAttribute>(MessageWriter writer, TAttribute data) => writer.WriteBytes(Nested(data), Data.AsSpan());

    private protected override void WriteAttributes(MessageWriter writer)
    {
    }
}
