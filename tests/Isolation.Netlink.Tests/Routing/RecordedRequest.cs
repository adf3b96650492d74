using System.Buffers.Binary;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>Collects the bytes of the changes instead of sending them.</summary>
internal sealed class RecordedChanges : RouteChanges
{
    public byte[] Bytes { get; private set; } = [];

    private protected override void Submit<TBody>(in RequestDescription description, TBody body) => Bytes = Record(description, body);

    public static byte[] Record<TBody>(RequestDescription description, TBody body)
        where TBody : IRequestBody
    {
        using var buffer = new RequestBuffer();
        buffer.Append(description, body);
        return buffer.Bytes.ToArray();
    }
}

/// <summary>
/// A request as lines that can be compared with what iproute2 sends. Taken away is what does not matter: the sequence number
/// and NLM_F_ACK (the transport sets them), the order of attributes (the kernel puts them into an array by number), the flag
/// that an attribute holds others (older kernels do not know it, and these messages' parsers do not ask for it), padding,
/// and whether a table below 256 stands in the header or in its attribute (the kernel prefers the attribute).
/// </summary>
internal static class RecordedRequest
{
    private const int Header = 16, TableByte = 4;

    public static string[] Lines(ReadOnlySpan<byte> message)
    {
        ushort number = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]);
        var type = (RouteMessageType)number;
        var flags = (NetlinkMessageFlags)BinaryPrimitives.ReadUInt16LittleEndian(message[6..]) & ~NetlinkMessageFlags.NLM_F_ACK;
        AttributeSpace? space = ((RequestKind)type).Attributes;
        int size = space?.FixedSize ?? 4;
        byte[] body = message.Slice(Header, size).ToArray();
        SortedSet<string> attributes = Attributes(message[(Header + size)..], space);
        if (type is RouteMessageType.RTM_NEWROUTE or RouteMessageType.RTM_DELROUTE or RouteMessageType.RTM_GETROUTE or RouteMessageType.RTM_NEWRULE or RouteMessageType.RTM_DELRULE)
        {
            if (body[TableByte] != 0 && !attributes.Any(a => a.StartsWith("15:", StringComparison.Ordinal)))
                attributes.Add($"15:{body[TableByte]:x2}000000");
            body[TableByte] = 0;
        }

        return [type.ToString(), flags.ToString(), Convert.ToHexStringLower(body), .. attributes];
    }

    private static SortedSet<string> Attributes(ReadOnlySpan<byte> bytes, AttributeSpace? space)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        string kind = "";
        foreach (Wire.Attribute attribute in new AttributeReader(bytes))
        {
            // The type of an encapsulation says what the other attribute holds; iproute2 sends it afterwards.
            if (space?.IsKind(attribute.Type) == true)
                kind = attribute.Text;
        }

        foreach (Wire.Attribute attribute in new AttributeReader(bytes))
        {
            AttributeSpace? inner = space?.Inside(attribute.Type, kind);
            string value = attribute.Type == (ushort)RouteAttribute.RTA_MULTIPATH && space?.FixedSize == 12 && space.Name(attribute.Type) == nameof(RouteAttribute.RTA_MULTIPATH)
                ? Hops(attribute.Value, space)
                : inner is null ? Convert.ToHexStringLower(attribute.Value) : "{" + string.Join(' ', Attributes(attribute.Value, inner)) + "}";
            Assert.True(lines.Add($"{attribute.Type:d2}:{value}"));
        }

        return lines;
    }

    private static string Hops(ReadOnlySpan<byte> rest, AttributeSpace space)
    {
        string text = "";
        for (int length; !rest.IsEmpty; rest = rest[length..])
        {
            length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            text += $"({Convert.ToHexStringLower(rest[2..8])} {string.Join(' ', Attributes(rest[8..length], space))})";
        }

        return text;
    }
}
