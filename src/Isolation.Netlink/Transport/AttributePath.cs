using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Transport;

/// <summary>Turns an offset into one of our requests into the names of the attributes there, as the kernel spells them.</summary>
internal static class AttributePath
{
    /// <summary>The attribute that begins at an offset; null when there is none.</summary>
    public static string? At(AttributeSpace? space, ReadOnlySpan<byte> request, int offset)
        => space is null ? null : Find(Attributes(space, request, out int start), offset - start, space);

    /// <summary>An attribute that is missing in the one that begins at an offset, or, where that is 0, in the request.</summary>
    public static string? OfMissing(AttributeSpace? space, ReadOnlySpan<byte> request, int nest, ushort type)
    {
        if (space is null)
            return null;
        return nest == 0 ? space.Name(type) : Find(Attributes(space, request, out int start), nest - start, space, type);
    }

    private static ReadOnlySpan<byte> Attributes(AttributeSpace space, ReadOnlySpan<byte> request, out int start)
    {
        start = Math.Min(Unsafe.SizeOf<NetlinkHeader>() + space.FixedSize, request.Length);
        return request[start..];
    }

    private static string? Find(ReadOnlySpan<byte> attributes, int offset, AttributeSpace space, ushort? missing = null)
    {
        int position = 0;
        string kind = "";
        foreach (Wire.Attribute attribute in new AttributeReader(attributes))
        {
            if (space.IsKind(attribute.Type))
                kind = attribute.Text;
            AttributeSpace? inner = space.Inside(attribute.Type, kind);
            string name = space.Name(attribute.Type);
            if (offset == position)
                return missing is { } type ? $"{name}.{(inner ?? AttributeSpace.Unknown).Name(type)}" : name;
            int value = position + Unsafe.SizeOf<AttributeHeader>(), end = value + attribute.Value.Length;
            if (offset >= value && offset < end)
            {
                if (inner is null || attribute.Value.Length < inner.FixedSize)
                    return name;
                return Find(attribute.Value[inner.FixedSize..], offset - value - inner.FixedSize, inner, missing) is { } rest ? $"{name}.{rest}" : name;
            }

            position = (end + 3) & ~3;
        }

        return null;
    }
}
