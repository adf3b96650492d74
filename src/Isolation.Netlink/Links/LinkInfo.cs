using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What IFLA_LINKINFO holds: a name, and the attributes that the name gives their meaning, once for the link and once for it as a port.</summary>
internal static class LinkInfo
{
    // What is longer has no type here.
    private const int LongestKnownName = 32;

    /// <summary>Finds a name and what belongs to it.</summary>
    public static bool Find(AttributeReader attributes, LinkInfoAttribute nameType, LinkInfoAttribute dataType, out string name, out ReadOnlySpan<byte> data)
    {
        name = "";
        data = [];
        bool found = false;
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)nameType)
            {
                name = Name(attribute);
                found = true;
            }
            else if (attribute.Type == (ushort)dataType)
            {
                data = attribute.Value;
            }
        }

        return found;
    }

    // A list has the same few names over and over.
    private static string Name(Wire.Attribute attribute)
    {
        ReadOnlySpan<byte> text = attribute.Value.TrimEnd((byte)0);
        if (text.Length > LongestKnownName)
            return attribute.Text;
        Span<char> characters = stackalloc char[LongestKnownName];
        return Encoding.UTF8.TryGetChars(text, characters, out int length) && LinkKinds.KnownName(characters[..length]) is { } known ? known : attribute.Text;
    }
}
