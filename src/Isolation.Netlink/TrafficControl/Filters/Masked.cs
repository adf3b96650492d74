using System.Numerics;

namespace Isolation.Netlink;

/// <summary>A number of which only some bits are compared.</summary>
/// <typeparam name="T">The size that it has in the packet.</typeparam>
/// <param name="Value">What the bits are.</param>
/// <param name="Mask">Which bits are compared.</param>
public readonly record struct Masked<T>(T Value, T Mask)
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>A number that is compared as a whole.</summary>
    /// <param name="value">What it is.</param>
    public Masked(T value)
        : this(value, ~T.Zero)
    {
    }

    /// <summary>A number that is compared as a whole.</summary>
    public static implicit operator Masked<T>(T value) => new(value);

    /// <summary>The value, and the mask if there is one: <c>0x10/0xfc</c>.</summary>
    public override string ToString() => Mask == ~T.Zero ? $"0x{Value:x}" : $"0x{Value:x}/0x{Mask:x}";
}
