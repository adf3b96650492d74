using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink.Wire;

/// <summary>Goes over attributes with <c>foreach</c>. Every length is checked before it is used.</summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> attributes)
{
    private ReadOnlySpan<byte> _rest = attributes;

    public Attribute Current { get; private set; }

    public readonly AttributeReader GetEnumerator() => this;

    /// <exception cref="NetlinkException">EBADMSG: the length of an attribute is impossible.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        int size = Unsafe.SizeOf<AttributeHeader>();
        if (_rest.Length < size)
            throw NetlinkException.Malformed("an attribute ends before its header does");
        AttributeHeader header = MemoryMarshal.Read<AttributeHeader>(_rest);
        if (header.nla_len < size || header.nla_len > _rest.Length)
            throw NetlinkException.Malformed($"attribute {header.nla_type} claims {header.nla_len} bytes of {_rest.Length}");
        Current = new Attribute((ushort)(header.nla_type & NetlinkConstants.NLA_TYPE_MASK), _rest[size..header.nla_len]);
        _rest = _rest[Math.Min((header.nla_len + 3) & ~3, _rest.Length)..];
        return true;
    }
}
