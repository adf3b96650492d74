using System.Net;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Goes over attributes with <c>foreach</c>. Every length is checked before it is used.</summary>
public ref struct AttributeEnumerator
{
    private AttributeReader _reader;

    internal AttributeEnumerator(ReadOnlySpan<byte> attributes) => _reader = new AttributeReader(attributes);

    /// <summary>The attribute where it stands.</summary>
    public readonly NetlinkAttribute Current => new(_reader.Current);

    /// <summary>Itself, for <c>foreach</c>.</summary>
    public readonly AttributeEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next one.</summary>
    /// <exception cref="NetlinkException">EBADMSG: the length of an attribute is impossible.</exception>
    public bool MoveNext() => _reader.MoveNext();
}

/// <summary>An attribute that was received. What its value is taken for is checked against its length.</summary>
/// <remarks>Numbers are in the machine's byte order. A number of the wrong size is a <see cref="NetlinkException"/>, EBADMSG.</remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "Netlink's own word.")]
public readonly ref struct NetlinkAttribute
{
    private readonly Wire.Attribute _attribute;

    internal NetlinkAttribute(Wire.Attribute attribute) => _attribute = attribute;

    /// <summary>Its number, without the flags for nesting and byte order.</summary>
    public ushort Type => _attribute.Type;

    /// <summary>The bytes of its value.</summary>
    public ReadOnlySpan<byte> Value => _attribute.Value;

    /// <summary>The attributes that it holds.</summary>
    public AttributeEnumerator Attributes => new(_attribute.Value);

    /// <summary>Text up to the first zero byte.</summary>
    public string Text => _attribute.Text;

    /// <summary>An address of 4 or 16 bytes.</summary>
    public IPAddress Address => _attribute.Address;

    /// <summary>A number of one byte (u8).</summary>
    public byte ToByte() => _attribute.Number<byte>();

    /// <summary>A number of two bytes (u16).</summary>
    public ushort ToUInt16() => _attribute.Number<ushort>();

    /// <summary>A number of four bytes (u32).</summary>
    public uint ToUInt32() => _attribute.Number<uint>();

    /// <summary>A number of four bytes (s32).</summary>
    public int ToInt32() => _attribute.Number<int>();

    /// <summary>A number of eight bytes (u64).</summary>
    public ulong ToUInt64() => _attribute.Number<ulong>();
}
