using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isolation.Netlink.Wire;

/// <summary>What the numbers of attributes mean in one place of a message: their names, and what those that are nested hold.</summary>
internal sealed class AttributeSpace
{
    private readonly Func<ushort, string?> _name;
    private readonly Dictionary<ushort, AttributeSpace> _inside = [];
    private readonly List<(ushort Kind, ushort Data, Func<string, AttributeSpace?> Of)> _kinds = [];
    private AttributeSpace? _ofEach;

    private AttributeSpace(int fixedSize, Func<ushort, string?> name)
    {
        FixedSize = fixedSize;
        _name = name;
    }

    /// <summary>A space of which nothing is known: numbers stay numbers.</summary>
    public static AttributeSpace Unknown { get; } = new(0, static _ => null);

    /// <summary>A space of which only the bytes before the first attribute are known.</summary>
    public static AttributeSpace Numbers(int fixedSize) => new(fixedSize, static _ => null);

    /// <summary>The bytes before the first attribute.</summary>
    public int FixedSize { get; }

    /// <summary>A space whose names are those of an enum.</summary>
    /// <param name="fixedSize">The bytes before the first attribute: the size of the struct that begins the message or the nest.</param>
    public static AttributeSpace Of<T>(int fixedSize = 0)
        where T : unmanaged, Enum
        => new(fixedSize, static type => Enum.GetName(Unsafe.BitCast<ushort, T>(type)));

    /// <summary>A space whose numbers only count, such as that of actions or of the elements of a list.</summary>
    public static AttributeSpace ListOf(AttributeSpace each) => new(0, static _ => null) { _ofEach = each };

    /// <summary>Says what an attribute holds.</summary>
    public AttributeSpace With<T>(T type, AttributeSpace inside)
        where T : unmanaged, Enum
    {
        _inside[Unsafe.BitCast<T, ushort>(type)] = inside;
        return this;
    }

    /// <summary>Says that an attribute holds what another one before it names.</summary>
    /// <param name="kind">The attribute with the name.</param>
    /// <param name="data">The attribute that holds the others.</param>
    /// <param name="ofKind">What it holds for a name; null when that is not known.</param>
    public AttributeSpace WithKinds<T>(T kind, T data, Func<string, AttributeSpace?> ofKind)
        where T : unmanaged, Enum
    {
        _kinds.Add((Unsafe.BitCast<T, ushort>(kind), Unsafe.BitCast<T, ushort>(data), ofKind));
        return this;
    }

    /// <summary>The kernel's name of a number, or the number.</summary>
    public string Name(ushort type) => _name(type) ?? type.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the attribute names what another one holds.</summary>
    public bool IsKind(ushort type) => _kinds.Exists(k => k.Kind == type);

    /// <summary>What an attribute holds, where it is known.</summary>
    public AttributeSpace? Inside(ushort type, string kind)
    {
        if (_ofEach is not null)
            return _ofEach;
        int place = _kinds.FindIndex(k => k.Data == type);
        return place >= 0 ? _kinds[place].Of(kind) : _inside.GetValueOrDefault(type);
    }
}
