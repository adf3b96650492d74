using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink.Wire;

/// <summary>Writes a request's body: fixed parts and attributes (netlink(7), rtnetlink(7)), in the machine's byte order.</summary>
internal readonly ref struct MessageWriter(RequestBuffer buffer)
{
    /// <summary>A struct of the kernel that is no attribute.</summary>
    public void WriteHeader<T>(T header)
        where T : unmanaged
        => MemoryMarshal.Write(buffer.Reserve(Unsafe.SizeOf<T>()), header);

    /// <summary>An attribute of one number or struct. Its C# type is its size: the kernel refuses another.</summary>
    public void Write<TType, T>(TType type, T value)
        where TType : unmanaged, Enum
        where T : unmanaged
        => MemoryMarshal.Write(Reserve(type, Unsafe.SizeOf<T>()), value);

    /// <summary>The same, unless the value is null.</summary>
    public void Write<TType, T>(TType type, T? value)
        where TType : unmanaged, Enum
        where T : unmanaged
    {
        if (value is { } known)
            Write(type, known);
    }

    public void WriteBigEndian<TType>(TType type, ushort? value)
        where TType : unmanaged, Enum
        => Write(type, value is { } known ? BinaryPrimitives.ReverseEndianness(known) : default(ushort?));

    public void WriteBytes<TType>(TType type, ReadOnlySpan<byte> value)
        where TType : unmanaged, Enum
        => value.CopyTo(Reserve(type, value.Length));

    /// <summary>Attributes that were made elsewhere.</summary>
    public void WriteRaw(ReadOnlySpan<byte> attributes) => attributes.CopyTo(buffer.Reserve(attributes.Length));

    /// <summary>Text with the zero byte at its end that the kernel wants (NLA_NUL_STRING).</summary>
    public void WriteText<TType>(TType type, string value)
        where TType : unmanaged, Enum
        => Encoding.UTF8.GetBytes(value, Reserve(type, Encoding.UTF8.GetByteCount(value) + 1));

    public void WriteAddress<TType>(TType type, IPAddress address)
        where TType : unmanaged, Enum
        => address.TryWriteBytes(Reserve(type, IPFamily.Size(address.AddressFamily)), out _);

    /// <summary>An open descriptor, which the request keeps open until it is sent.</summary>
    public void WriteDescriptor<TType>(TType type, SafeHandle handle)
        where TType : unmanaged, Enum
        => Write(type, buffer.Hold(handle));

    /// <summary>An attribute that holds others: those that are written until the scope is disposed.</summary>
    public Scope Nest<TType>(TType type)
        where TType : unmanaged, Enum
    {
        int start = buffer.Position;
        Reserve(type, 0);
        MemoryMarshal.AsRef<AttributeHeader>(buffer.Bytes[start..]).nla_type |= NetlinkConstants.NLA_F_NESTED;
        return new Scope(buffer, start);
    }

    /// <summary>The same, but nothing is left of it when nothing is written into it.</summary>
    public Scope NestUnlessEmpty<TType>(TType type)
        where TType : unmanaged, Enum
    {
        Nest(type);
        return new Scope(buffer, buffer.Position - Unsafe.SizeOf<AttributeHeader>(), vanishes: true);
    }

    /// <summary>A struct that begins with its own length as a ushort, which covers what is written until the scope is disposed.</summary>
    public Scope NestHeader<T>(T header)
        where T : unmanaged
    {
        int start = buffer.Position;
        WriteHeader(header);
        return new Scope(buffer, start);
    }

    private Span<byte> Reserve<TType>(TType type, int length)
        where TType : unmanaged, Enum
    {
        int total = Unsafe.SizeOf<AttributeHeader>() + length;
        if (total > ushort.MaxValue)
            throw new ArgumentException($"The value of {type} is too long: {length} bytes.");
        Span<byte> attribute = buffer.Reserve(total);
        MemoryMarshal.Write(attribute, new AttributeHeader { nla_len = (ushort)total, nla_type = Unsafe.BitCast<TType, ushort>(type) });
        return attribute[Unsafe.SizeOf<AttributeHeader>()..];
    }

    /// <summary>An attribute that is still open. Both kinds begin with their length.</summary>
    internal readonly ref struct Scope(RequestBuffer buffer, int start, bool vanishes = false)
    {
        public void Dispose()
        {
            int length = buffer.Position - start;
            if (vanishes && length == Unsafe.SizeOf<AttributeHeader>())
            {
                buffer.Truncate(start);
                return;
            }

            if (length > ushort.MaxValue)
                throw new ArgumentException($"The attributes are too long together: {length} bytes of at most {ushort.MaxValue}.");
            MemoryMarshal.Write(buffer.Bytes[start..], (ushort)length);
        }
    }
}
