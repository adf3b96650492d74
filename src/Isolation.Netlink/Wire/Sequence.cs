using System.Collections.Immutable;

namespace Isolation.Netlink.Wire;

/// <summary>The field behind a property of a record that is an <see cref="ImmutableArray{T}"/>: records compare their fields, and this one compares the elements.</summary>
internal readonly struct Sequence<T>(ImmutableArray<T> items) : IEquatable<Sequence<T>>
{
    private readonly ImmutableArray<T> _items = items;

    /// <summary>The elements; none rather than no array.</summary>
    public ImmutableArray<T> Items => _items.IsDefault ? [] : _items;

    public bool Equals(Sequence<T> other) => Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override bool Equals(object? obj) => obj is Sequence<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Items.Length, Items.Length > 0 ? Items[0] : default);
}
