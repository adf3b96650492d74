using System.Collections.Immutable;
using System.Globalization;
using Isolation.Syscalls;

namespace Isolation.Fs;

/// <summary>
/// A user as a root file system knows him: <c>user[:group]</c>, with names from the root's own /etc/passwd and /etc/group. No NSS:
/// that would run the host's code on the container's files.
/// </summary>
/// <param name="User">The user's id.</param>
/// <param name="Group">The id of the group.</param>
public sealed record RootUser(uint User, uint Group)
{
    /// <summary>setgroups(2), NGROUPS_MAX: no process has more.</summary>
    private const int MaxGroups = 65_536;

    /// <summary>
    /// The ids of the supplementary groups: those that list the user, when no group was asked for (OCI image specification, config,
    /// <c>User</c>).
    /// </summary>
    public ImmutableArray<uint> Groups { get; init; } = [];

    /// <summary>The user's name, where /etc/passwd has one.</summary>
    public string? Name { get; init; }

    /// <summary>The user's home directory, where /etc/passwd has one.</summary>
    public string? Home { get; init; }

    /// <summary>The user's shell, where /etc/passwd has one.</summary>
    public string? Shell { get; init; }

    /// <summary>Checks the form of <c>user[:group]</c>.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void Validate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        if (parts.Length > 2 || !parts.All(p => IsName(p) || TryParseId(p, out _)))
            throw new ArgumentException($"'{text}' is no user: it is name, uid, name:group or uid:gid, with ids from 0 to 4294967294.", nameof(text));
    }

    /// <summary>Finds the ids.</summary>
    /// <param name="root">The root whose /etc/passwd and /etc/group are read, up to 1 MiB each.</param>
    /// <param name="text">name, uid, name:group, name:gid, uid:group or uid:gid. Without a group it is the one of /etc/passwd, or 0.</param>
    /// <exception cref="ArgumentException">The form is none, or the root knows no such user or group.</exception>
    /// <exception cref="LinuxException">A file is no regular file (EINVAL) or too large (EFBIG).</exception>
    public static RootUser Find(RootDirectory root, string text)
    {
        ArgumentNullException.ThrowIfNull(root);
        Validate(text);
        string[] parts = text.Split(':');
        AccountFile passwd = AccountFile.ReadPasswd(root);
        bool isId = TryParseId(parts[0], out uint user);
        string[]? entry = isId ? passwd.FindId(user) : passwd.FindName(parts[0]) ?? throw Unknown("user", parts[0], "/etc/passwd", root);
        if (!isId)
            user = Id(entry![2], parts[0]);
        uint group = parts.Length == 1
            ? entry is null ? 0 : Id(entry[3], parts[0])
            : TryParseId(parts[1], out uint gid)
                ? gid
                : Id((AccountFile.ReadGroup(root).FindName(parts[1]) ?? throw Unknown("group", parts[1], "/etc/group", root))[2], parts[1]);
        return new RootUser(user, group)
        {
            Groups = entry is null || parts.Length > 1 ? [] : [.. AccountFile.ReadGroup(root).GroupsOf(entry[0]).Take(MaxGroups)],
            Name = entry?[0],
            Home = entry?[5],
            Shell = entry?[6],
        };
    }

    /// <summary>Whether it names no name, so that no file is needed.</summary>
    public static bool IsNumeric(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':').All(p => TryParseId(p, out _));
    }

    /// <summary>The ids of <c>uid[:gid]</c>; without a group it is 0.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static RootUser Numeric(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Validate(text);
        string[] parts = text.Split(':');
        uint group = 0;
        if (!TryParseId(parts[0], out uint user) || (parts.Length == 2 && !TryParseId(parts[1], out group)))
            throw new ArgumentException($"'{text}' is no uid or uid:gid.", nameof(text));
        return new RootUser(user, group);
    }

    /// <summary>Digits only, and not 4294967295, which to the kernel means no id.</summary>
    internal static bool TryParseId(string text, out uint id)
        => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && text.All(char.IsAsciiDigit) && id != uint.MaxValue;

    private static uint Id(string text, string name)
        => TryParseId(text, out uint id) ? id : throw new ArgumentException($"The id of '{name}' is no number: '{text}'.");

    private static ArgumentException Unknown(string what, string name, string file, RootDirectory root)
        => new($"There is no {what} '{name}' in {file} of {root.Path}. Give the number, or add a line.");

    // useradd(8): a letter or underscore first.
    private static bool IsName(string text)
        => text.Length is > 0 and <= 256
            && (char.IsAsciiLetter(text[0]) || text[0] == '_')
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '$');
}
