using FsCheck.Xunit;

namespace Isolation.Fs.Tests;

/// <summary>The mount table, line by line (proc_pid_mountinfo(5)).</summary>
public sealed class MountTableTests
{
    [LinuxFact]
    public void The_example_of_the_manual_page_is_read()
        => Assert.Equal(
            new MountTableEntry(36, 35, "/mnt1", "/mnt2", "rw,noatime", "ext3", "/dev/root") { DeviceMajor = 98, MasterGroup = 1, SuperOptions = "rw,errors=continue" },
            MountTable.Parse("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"));

    [LinuxTheory]
    [InlineData("1 2 0:1 / / rw - tmpfs tmpfs rw", "/", "tmpfs", "tmpfs")]
    [InlineData("1 2 0:1 / /a rw shared:1 - tmpfs none rw", "/a", "tmpfs", "none")]
    [InlineData("1 2 0:1 / /a rw shared:1 master:2 propagate_from:3 unbindable - tmpfs none rw", "/a", "tmpfs", "none")]
    [InlineData("1 2 0:1 / /a rw - tmpfs  rw", "/a", "tmpfs", "")]
    [InlineData("1 2 0:1 / /- rw - fuse.x - rw", "/-", "fuse.x", "-")]
    [InlineData("1 2 0:1 / /a\\040b rw - tmpfs none rw", "/a b", "tmpfs", "none")]
    [InlineData("1 2 0:1 / /\\011\\012\\134\\043 rw - tmpfs none rw", "/\t\n\\#", "tmpfs", "none")]
    [InlineData("1 2 0:1 / /\\134040 rw - tmpfs none rw", "/\\040", "tmpfs", "none")]
    [InlineData("1 2 0:1 / /a rw - cifs //host/my\\040share rw", "/a", "cifs", "//host/my share")]
    [InlineData("1 2 0:1 / /\u00e9 rw - tmpfs none rw", "/\u00e9", "tmpfs", "none")]
    [InlineData("1 2 0:1 / /end\\ rw - tmpfs none rw", "/end\\", "tmpfs", "none")]
    [InlineData("1 2 0:1 / /end\\04 rw - tmpfs none rw", "/end\\04", "tmpfs", "none")]
    [InlineData("1 2 0:1 / /no\\999 rw - tmpfs none rw", "/no\\999", "tmpfs", "none")]
    public void Optional_fields_and_escapes_are_understood(string line, string mountPoint, string fileSystem, string source)
    {
        MountTableEntry entry = MountTable.Parse(line);
        Assert.Equal((1, 2, mountPoint, fileSystem, source), (entry.Id, entry.ParentId, entry.MountPoint, entry.FileSystem, entry.Source));
    }

    [LinuxTheory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("- - - - - - - - -")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 -")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3")]
    [InlineData("36 35 98:0 /mnt1 - ext3 /dev/root rw")]
    [InlineData("x 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("36 x 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("-1 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("36 35 98 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:x /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("36 35 -1:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw shared:x - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw master: - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 /mnt1 /mnt2\0 rw - ext3 /dev/root rw")]
    [InlineData("99999999999 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    public void A_line_that_is_none_is_refused(string line) => Assert.Throws<FormatException>(() => MountTable.Parse(line));

    [LinuxFact]
    public void No_line_is_refused() => Assert.Throws<ArgumentNullException>(() => MountTable.Parse(null!));

    [LinuxFact]
    public void The_table_of_this_process_has_its_root()
    {
        System.Collections.Immutable.ImmutableArray<MountTableEntry> table = MountTable.Read();
        Assert.Contains(table, m => m.MountPoint == "/");
        Assert.Contains(table, m => m.MountPoint == "/proc" && m.FileSystem == "proc");
        Assert.Equal(table.Length, table.Select(m => m.Id).Distinct().Count());
    }

    [Property(MaxTest = 1000)]
    public void Any_text_is_an_entry_or_a_FormatException(string? line)
    {
        try
        {
            MountTable.Parse(line ?? "");
        }
        catch (FormatException)
        {
        }
    }

    // Text at random is hardly ever nearly a line, so this is made of its parts.
    [Property(MaxTest = 2000)]
    public void Any_mixture_of_parts_is_an_entry_or_a_FormatException(byte[] parts)
    {
        string[] known = [" ", "-", "1", "36", "\\", "\\04", "\\040", "\\777", "/", "/mnt", "rw", "shared:1", "ext3", "\t", "\u00e9", " - ", "1 2 0:1 / / rw - tmpfs none rw"];
        Any_text_is_an_entry_or_a_FormatException(string.Concat(parts.Select(p => known[p % known.Length])));
    }

    [Property(MaxTest = 500)]
    public void Any_mount_point_comes_back_from_the_escapes_of_the_kernel(string? text)
    {
        // fs/proc_namespace.c, mangle(): these are escaped, nothing else.
        string path = "/" + text;

        // A file's name is no such thing: the kernel has neither a NUL in it nor, in the text, half of a character.
        if (path.Contains('\0', StringComparison.Ordinal) || path.Any(char.IsSurrogate))
            return;
        string escaped = string.Concat(path.Select(c => c is ' ' or '\t' or '\n' or '\\' or '#' ? "\\" + Convert.ToString(c, 8).PadLeft(3, '0') : c.ToString()));
        Assert.Equal(path, MountTable.Parse($"1 2 0:1 / {escaped} rw shared:1 - tmpfs none rw").MountPoint);
    }
}
