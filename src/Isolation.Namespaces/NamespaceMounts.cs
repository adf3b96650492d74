using System.Globalization;
using System.Text.RegularExpressions;
using Isolation.Namespaces.Interop;

namespace Isolation.Namespaces;

/// <summary>The namespaces that are mounted on files, by the caller's mount table (proc_pid_mountinfo(5)).</summary>
internal static partial class NamespaceMounts
{
    public static IEnumerable<(NamespaceKinds Kind, NamespaceId Id, string Path)> Read()
    {
        foreach (string line in File.ReadLines("/proc/thread-self/mountinfo"))
        {
            if (Parse(line) is { } mount)
                yield return mount;
        }
    }

    /// <summary>Reads a line; null when what is mounted is no namespace.</summary>
    /// <remarks><c>64 63 0:4 net:[4026532177] /run/netns/blue rw shared:2 - nsfs nsfs rw</c></remarks>
    public static (NamespaceKinds Kind, NamespaceId Id, string Path)? Parse(string line)
    {
        Match match = NsFsLine().Match(line);
        if (!match.Success
            || NamespaceFile.KindNamed(match.Groups["kind"].ValueSpan) is not (not NamespaceKinds.None and var kind)
            || !ulong.TryParse(match.Groups["inode"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            || !uint.TryParse(match.Groups["major"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out uint major)
            || !uint.TryParse(match.Groups["minor"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out uint minor))
        {
            return null;
        }

        return (kind, new NamespaceId(NamespaceFile.DeviceNumber(major, minor), inode), Unescape(match.Groups["path"].Value));
    }

    // Space, tab, line feed and backslash are written as three octal digits.
    private static string Unescape(string path)
        => Octal().Replace(path, static m => ((char)Convert.ToInt32(m.ValueSpan[1..].ToString(), 8)).ToString());

    [GeneratedRegex(@"^\d+ \d+ (?<major>\d+):(?<minor>\d+) (?<kind>[a-z]+):\[(?<inode>\d+)\] (?<path>[^ ]+) [^ ]+ (?:[^ ]+ )*?- nsfs ", RegexOptions.CultureInvariant)]
    private static partial Regex NsFsLine();

    [GeneratedRegex(@"\\[0-7]{3}", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();
}
