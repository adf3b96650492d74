using System.Globalization;

namespace Isolation.Namespaces;

/// <summary>The ranges of ids that the administrator gave to users (subuid(5), subgid(5)).</summary>
internal sealed class SubordinateIds(string file, string tool)
{
    public static SubordinateIds Users { get; } = new("/etc/subuid", "newuidmap");

    public static SubordinateIds Groups { get; } = new("/etc/subgid", "newgidmap");

    /// <summary>The ranges of a user, who is named there by name or number. Lines that make no sense are passed over, as shadow does.</summary>
    public IEnumerable<(uint First, uint Count)> Of(string user, uint id)
    {
        if (!File.Exists(file))
            yield break;
        string number = id.ToString(CultureInfo.InvariantCulture);
        foreach (string line in File.ReadLines(file))
        {
            string[] fields = line.Split(':');
            if (fields.Length == 3
                && (fields[0] == user || fields[0] == number)
                && uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint first)
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint count)
                && count > 0
                && (ulong)first + count <= uint.MaxValue)
            {
                yield return (first, count);
            }
        }
    }

    /// <summary>The first id of a range of at least so many, if there is one.</summary>
    public uint? First(string user, uint id, uint count)
    {
        foreach ((uint first, uint available) in Of(user, id))
        {
            if (available >= count)
                return first;
        }

        return null;
    }

    public string MissingMessage(string user)
        => $"{file} gives the user '{user}' no ids. Root adds them with a line such as '{user}:100000:65536'; {tool} of Debian's package uidmap then maps them.";
}
