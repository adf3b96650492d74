using System.Diagnostics.CodeAnalysis;
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        ReadOnlySpan<byte> rest = _rest;
        int size = Unsafe.SizeOf<AttributeHeader>();
        if (rest.Length < size)
            return !rest.IsEmpty && ThrowIncomplete();
        AttributeHeader header = MemoryMarshal.Read<AttributeHeader>(rest);
        if (header.nla_len < size || header.nla_len > rest.Length)
            ThrowImpossible(header, rest.Length);
        Current = new Attribute((ushort)(header.nla_type & NetlinkConstants.NLA_TYPE_MASK), rest[size..header.nla_len]);
        _rest = rest[Math.Min((header.nla_len + 3) & ~3, rest.Length)..];
        return true;
    }

    // Apart, so that what is done for each attribute stays small.
    [DoesNotReturn]
    private static bool ThrowIncomplete() => throw NetlinkException.Malformed("an attribute ends before its header does");

    [DoesNotReturn]
    private static void ThrowImpossible(AttributeHeader header, int rest) => throw NetlinkException.Malformed($"attribute {header.nla_type} claims {header.nla_len} bytes of {rest}");
}
