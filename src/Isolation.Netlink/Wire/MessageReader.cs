using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink.Wire;

/// <summary>Goes over the messages of a datagram with <c>foreach</c>. Every length is checked before it is used.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    public Message Current { get; private set; }

    public readonly MessageReader GetEnumerator() => this;

    /// <exception cref="NetlinkException">EBADMSG: the length of a message is impossible.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        int size = Unsafe.SizeOf<NetlinkHeader>();
        if (_rest.Length < size)
            throw NetlinkException.Malformed("a message ends before its header does");
        NetlinkHeader header = MemoryMarshal.Read<NetlinkHeader>(_rest);
        if (header.nlmsg_len < size || header.nlmsg_len > _rest.Length)
            throw NetlinkException.Malformed($"message {header.nlmsg_type} claims {header.nlmsg_len} bytes of {_rest.Length}");
        Current = new Message(header, _rest[size..(int)header.nlmsg_len]);
        _rest = _rest[(int)Math.Min((header.nlmsg_len + 3L) & ~3L, _rest.Length)..];
        return true;
    }
}

/// <summary>A message that was read.</summary>
internal readonly ref struct Message(NetlinkHeader header, ReadOnlySpan<byte> body)
{
    public NetlinkHeader Header { get; } = header;

    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>The fixed part of the body, and the attributes after it.</summary>
    /// <exception cref="NetlinkException">EBADMSG: the body is shorter than its fixed part.</exception>
    public static T ReadFixed<T>(ReadOnlySpan<byte> body, out AttributeReader attributes)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        if (body.Length < size)
            throw NetlinkException.Malformed($"a body has {body.Length} bytes where {size} are fixed");
        attributes = new AttributeReader(body[Math.Min((size + 3) & ~3, body.Length)..]);
        return MemoryMarshal.Read<T>(body);
    }
}
