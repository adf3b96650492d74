using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Names of links. The rules are those of dev_valid_name in the kernel.</summary>
internal static class LinkName
{
    // IFNAMSIZ and ALTIFNAMSIZ, without the zero byte.
    private const int Longest = 15, LongestAlternative = 127;

    /// <exception cref="ArgumentException">No link can have this name.</exception>
    public static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Encoding.UTF8.GetByteCount(name) > Longest)
            throw new ArgumentException($"'{name}' is too long for the name of a link: at most {Longest} bytes.");

        // The kernel takes %d for a number that it chooses itself.
        if (name is "." or ".." || name.AsSpan().ContainsAny("/:%\0") || name.Any(char.IsWhiteSpace))
            throw new ArgumentException($"'{name}' is no name for a link: no white space, '/', ':' or '%', nor '.' and '..'.");
        return name;
    }

    /// <exception cref="ArgumentException">No link can have this name besides its own.</exception>
    public static string CheckAlternative(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Encoding.UTF8.GetByteCount(name) > LongestAlternative || name.AsSpan().ContainsAny("/:\0") || name.Any(char.IsWhiteSpace))
            throw new ArgumentException($"'{name}' is no alternative name for a link: at most {LongestAlternative} bytes, no white space, '/' or ':'.");
        return name;
    }

    /// <summary>Writes the name that a link is looked for by: its own or an alternative one.</summary>
    public static void WriteTo(MessageWriter writer, string name)
        => writer.WriteText(Encoding.UTF8.GetByteCount(name) <= Longest ? LinkAttribute.IFLA_IFNAME : LinkAttribute.IFLA_ALT_IFNAME, CheckAlternative(name));
}
