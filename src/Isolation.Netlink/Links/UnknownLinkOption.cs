using System.Collections.Immutable;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>An attribute of a kind of link that has no property here, such as one of a newer kernel.</summary>
/// <param name="Type">Its number, of the kind's own list in linux/if_link.h.</param>
public sealed record UnknownLinkOption(ushort Type)
{
    private readonly Sequence<byte> _value;

    /// <summary>Its value, in the machine's byte order.</summary>
    public ImmutableArray<byte> Value
    {
        get => _value.Items;
        init => _value = new Sequence<byte>(value);
    }

    internal static UnknownLinkOption Read(Wire.Attribute attribute) => new(attribute.Type) { Value = [.. attribute.Value] };
}
