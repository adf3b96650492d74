using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>An answer of a family, copied.</summary>
public sealed class GenericNetlinkMessage
{
    private readonly ReadOnlyMemory<byte> _attributes;

    private GenericNetlinkMessage(byte command, byte version, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> attributes)
    {
        Command = command;
        Version = version;
        Header = header;
        _attributes = attributes;
    }

    /// <summary>The number of what it tells, in its family.</summary>
    public byte Command { get; }

    /// <summary>The version of the message.</summary>
    public byte Version { get; }

    /// <summary>The bytes before the attributes. Most families have none.</summary>
    public ReadOnlyMemory<byte> Header { get; }

    /// <summary>Its attributes.</summary>
    public AttributeEnumerator Attributes => new(_attributes.Span);

    internal static GenericNetlinkMessage Read(ReadOnlySpan<byte> body, int headerSize)
    {
        GenericHeader header = Message.ReadFixed<GenericHeader>(body, out _);
        byte[] rest = body[Unsafe.SizeOf<GenericHeader>()..].ToArray();
        if (rest.Length < headerSize)
            throw NetlinkException.Malformed($"a header of {rest.Length} bytes where {headerSize} are fixed");
        return new GenericNetlinkMessage(header.cmd, header.version, rest.AsMemory(0, headerSize), rest.AsMemory(Math.Min((headerSize + 3) & ~3, rest.Length)));
    }
}
