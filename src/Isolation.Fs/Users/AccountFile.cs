using System.Text;

namespace Isolation.Fs;

/// <summary>/etc/passwd or /etc/group of a root (passwd(5), group(5)): lines of fields between colons. A line with another number of fields is none.</summary>
internal sealed class AccountFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private const int PasswdFields = 7, GroupFields = 4;

    private readonly byte[] _text;
    private readonly int _fields;

    private AccountFile(byte[] text, int fields)
    {
        _text = text;
        _fields = fields;
    }

    public static AccountFile ReadPasswd(RootDirectory root) => new(root.TryReadBytes("/etc/passwd", MaxBytes) ?? [], PasswdFields);

    public static AccountFile ReadGroup(RootDirectory root) => new(root.TryReadBytes("/etc/group", MaxBytes) ?? [], GroupFields);

    /// <summary>The first line of a name.</summary>
    public string[]? FindName(string name)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        foreach (Range line in Lines())
        {
            ReadOnlySpan<byte> text = _text.AsSpan(line);
            if (text.StartsWith(wanted) && text.Length > wanted.Length && text[wanted.Length] == ':' && Split(text) is { } fields)
                return fields;
        }

        return null;
    }

    /// <summary>The first line with a number in its third field.</summary>
    public string[]? FindId(uint id)
    {
        foreach (Range line in Lines())
        {
            if (Split(_text.AsSpan(line)) is { } fields && RootUser.TryParseId(fields[2], out uint found) && found == id)
                return fields;
        }

        return null;
    }

    /// <summary>The ids of the groups that list a user as a member, each once.</summary>
    public IEnumerable<uint> GroupsOf(string user)
    {
        var seen = new HashSet<uint>();
        foreach (Range line in Lines())
        {
            if (Split(_text.AsSpan(line)) is { } fields
                && fields[3].Split(',').Contains(user, StringComparer.Ordinal)
                && RootUser.TryParseId(fields[2], out uint id)
                && seen.Add(id))
            {
                yield return id;
            }
        }
    }

    private IEnumerable<Range> Lines()
    {
        for (int start = 0; start < _text.Length;)
        {
            int length = _text.AsSpan(start).IndexOf((byte)'\n');
            int end = length < 0 ? _text.Length : start + length;
            yield return start..end;
            start = end + 1;
        }
    }

    private string[]? Split(ReadOnlySpan<byte> line)
        => line.Count((byte)':') == _fields - 1 ? Encoding.UTF8.GetString(line).Split(':') : null;
}
