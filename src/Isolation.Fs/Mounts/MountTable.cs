using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Isolation.Fs;

/// <summary>A line of /proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">The mount's id.</param>
/// <param name="ParentId">The id of the mount that it is mounted on.</param>
/// <param name="Root">The directory of the file system that is shown.</param>
/// <param name="MountPoint">Where, relative to the process's root directory.</param>
/// <param name="Options">The mount's own options.</param>
/// <param name="FileSystem">The type of the file system.</param>
/// <param name="Source">What is mounted, as the file system tells it.</param>
public sealed record MountTableEntry(int Id, int ParentId, string Root, string MountPoint, string Options, string FileSystem, string Source);

/// <summary>Reads the mounts that a process sees.</summary>
public static class MountTable
{
    /// <summary>The mounts that this process sees, in the order of the kernel.</summary>
    public static ImmutableArray<MountTableEntry> Read() => [.. File.ReadAllText("/proc/self/mountinfo").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>Reads one line of mountinfo.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static MountTableEntry Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] fields = line.Split(' ');

        // After six fields come optional ones up to a hyphen, then three more.
        int hyphen = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        if (hyphen < 0
            || fields.Length < hyphen + 3
            || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent))
        {
            throw new FormatException($"This is no line of mountinfo: '{line}'.");
        }

        return new MountTableEntry(id, parent, Unescape(fields[3]), Unescape(fields[4]), fields[5], Unescape(fields[hyphen + 1]), Unescape(fields[hyphen + 2]));
    }

    // Space, tab, line feed and backslash are written as three octal digits.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
            return field;
        var text = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && IsOctal(field[i + 1]) && IsOctal(field[i + 2]) && IsOctal(field[i + 3]))
            {
                text.Append((char)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0')));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }

        return text.ToString();
    }

    private static bool IsOctal(char c) => c is >= '0' and <= '7';
}
