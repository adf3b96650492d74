using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Isolation.Netlink.Wire;

/// <summary>An attribute that was read. What its value is taken for is checked against its length.</summary>
internal readonly ref struct Attribute(ushort type, ReadOnlySpan<byte> value)
{
    // Of nearly every link, so it is one object for all.
    private static readonly PhysicalAddress s_ethernetBroadcast = new(EthernetBroadcast.ToArray());

    private static ReadOnlySpan<byte> EthernetBroadcast => [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

    /// <summary>The type, without the flags for nesting and byte order.</summary>
    public ushort Type { get; } = type;

    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>The attributes that this one holds.</summary>
    public AttributeReader Attributes => new(Value);

    /// <summary>Text up to the first zero byte.</summary>
    public string Text
    {
        get
        {
            int end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    public PhysicalAddress PhysicalAddress => Value.SequenceEqual(EthernetBroadcast) ? s_ethernetBroadcast : Value.IsEmpty ? PhysicalAddress.None : new PhysicalAddress(Value.ToArray());

    public ushort UInt16BigEndian => BinaryPrimitives.ReverseEndianness(Number<ushort>());

    public bool Boolean => Number<byte>() != 0;

    /// <summary>A number: the kernel never changes the size of one.</summary>
    /// <exception cref="NetlinkException">EBADMSG: the attribute has another size.</exception>
    public T Number<T>()
        where T : unmanaged
    {
        if (Value.Length != Unsafe.SizeOf<T>())
            ThrowWrongSize(Unsafe.SizeOf<T>());
        return MemoryMarshal.Read<T>(Value);
    }

    [DoesNotReturn]
    private void ThrowWrongSize(int expected) => throw NetlinkException.Malformed($"attribute {Type} has {Value.Length} bytes, not {expected}");

    /// <summary>A struct. Older kernels know less of it, whose fields are zero then, and newer ones more.</summary>
    public T Struct<T>()
        where T : unmanaged
    {
        T result = default;
        Value[..Math.Min(Value.Length, Unsafe.SizeOf<T>())].CopyTo(MemoryMarshal.AsBytes(new Span<T>(ref result)));
        return result;
    }

    /// <summary>An IPv4 or IPv6 address.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is neither an IPv4 address nor an IPv6 one.</exception>
    public IPAddress Address => Value.Length is 4 or 16 ? new IPAddress(Value) : throw NetlinkException.Malformed($"attribute {Type} is an address of {Value.Length} bytes");
}
