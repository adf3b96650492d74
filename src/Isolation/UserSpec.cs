using System.Globalization;
using Isolation.Fs;

namespace Isolation;

/// <summary>Who the program runs as.</summary>
internal sealed record UserIdentity(uint User, uint Group, uint[] Groups, string? Home);

/// <summary>Reads <c>user[:group]</c>, with names from the root's own /etc/passwd and /etc/group. No NSS: that would run the host's code on the container's files.</summary>
internal static class UserSpec
{
    private const int MaxFile = 1 << 20;

    /// <summary>Checks the form.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void Validate(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 2 || !parts.All(p => IsName(p) || IsNumber(p)))
            throw new ArgumentException($"'{text}' is no user: it is name, uid, name:group or uid:gid, with ids from 0 to 4294967294.", nameof(text));
    }

    /// <summary>Finds the ids.</summary>
    /// <exception cref="ArgumentException">The root knows no such user or group.</exception>
    public static UserIdentity Resolve(string text, string root)
    {
        using RootDirectory directory = RootDirectory.Open(root);
        string[] parts = text.Split(':');
        string[]? entry = Find(directory, "/etc/passwd", 7, f => f[0] == parts[0] || (IsNumber(parts[0]) && f[2] == parts[0]));
        uint user = IsNumber(parts[0]) ? Number(parts[0]) : entry is null ? throw Unknown("user", parts[0], "/etc/passwd", root) : Id(entry[2], parts[0]);
        uint group = parts.Length == 1
            ? (entry is null ? 0 : Id(entry[3], parts[0]))
            : IsNumber(parts[1])
                ? Number(parts[1])
                : Id((Find(directory, "/etc/group", 4, f => f[0] == parts[1]) ?? throw Unknown("group", parts[1], "/etc/group", root))[2], parts[1]);
        uint[] groups = IsNumber(parts[0]) || parts.Length > 1 ? [] : [.. GroupsOf(directory, parts[0])];
        return new UserIdentity(user, group, groups, entry?[5]);
    }

    /// <summary>Whether it names no name, so that no file is needed.</summary>
    public static bool IsNumeric(string text) => text.Split(':').All(IsNumber);

    /// <summary>The ids of a numeric one; without a group it is 0.</summary>
    public static UserIdentity Numeric(string text)
        => text.Split(':') is [var user, var group] ? new UserIdentity(Number(user), Number(group), [], null) : new UserIdentity(Number(text), 0, [], null);

    private static IEnumerable<uint> GroupsOf(RootDirectory root, string user)
    {
        foreach (string[] fields in Lines(root, "/etc/group", 4))
        {
            if (fields[3].Split(',').Contains(user) && IsNumber(fields[2]))
                yield return Number(fields[2]);
        }
    }

    private static string[]? Find(RootDirectory root, string file, int fields, Func<string[], bool> match) => Lines(root, file, fields).FirstOrDefault(match);

    private static IEnumerable<string[]> Lines(RootDirectory root, string file, int fields)
        => (root.TryReadText(file, MaxFile) ?? "").Split('\n').Select(l => l.Split(':')).Where(f => f.Length == fields);

    private static uint Id(string text, string name)
        => IsNumber(text) ? Number(text) : throw new ArgumentException($"The id of '{name}' is no number: '{text}'.");

    private static ArgumentException Unknown(string what, string name, string file, string root)
        => new($"There is no {what} '{name}' in {file} of {root}. Give the number, or add a line.");

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit) && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != uint.MaxValue;

    private static uint Number(string text) => uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    // useradd(8): a letter or underscore first.
    private static bool IsName(string text)
        => text.Length is > 0 and <= 256
            && (char.IsAsciiLetter(text[0]) || text[0] == '_')
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '$');
}
