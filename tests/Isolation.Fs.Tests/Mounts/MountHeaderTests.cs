using System.Globalization;
using System.Reflection;
using Isolation.Fs.Interop;
using Isolation.Syscalls.Tests;

namespace Isolation.Fs.Tests;

/// <summary>The constants of the calls on this thread's mounts against the C headers.</summary>
[NativeOnly]
public sealed class MountHeaderTests
{
    private const string Kernel = """
        #include <linux/fcntl.h>
        #include <linux/mount.h>
        #include <asm/poll.h>
        """;

    private const string Library = "#include <sys/mount.h>";

    // A name of ours beside that of the header.
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["FsOpenCloseOnExec"] = "FSOPEN_CLOEXEC",
        ["FsMountCloseOnExec"] = "FSMOUNT_CLOEXEC",
        ["AccessTimeMask"] = "MOUNT_ATTR__ATIME",
        ["IdMap"] = "MOUNT_ATTR_IDMAP",
        ["OldReadOnly"] = "MS_RDONLY",
        ["OldNoSuid"] = "MS_NOSUID",
        ["OldNoDev"] = "MS_NODEV",
        ["OldNoExec"] = "MS_NOEXEC",
        ["OldRemount"] = "MS_REMOUNT",
        ["OldNoSymlinkFollow"] = "MS_NOSYMFOLLOW",
        ["OldNoAccessTime"] = "MS_NOATIME",
        ["OldNoDirectoryAccessTime"] = "MS_NODIRATIME",
        ["OldBind"] = "MS_BIND",
        ["OldMove"] = "MS_MOVE",
        ["OldRecursive"] = "MS_REC",
        ["OldRelativeAccessTime"] = "MS_RELATIME",
        ["OldStrictAccessTime"] = "MS_STRICTATIME",
        ["PollPriority"] = "POLLPRI",
        ["DuplicateCloseOnExec"] = "F_DUPFD_CLOEXEC",
    };

    // fs/fsopen.c has it as a number, which the tests of long options prove.
    private static readonly string[] s_ofNoHeader = ["MaxValue"];

    [LinuxFact(Needs.CCompiler)]
    public void The_constants_are_those_of_the_headers()
    {
        FieldInfo[] fields = [.. typeof(MountCallConstants).GetFields(BindingFlags.Static | BindingFlags.Public).Where(f => !s_ofNoHeader.Contains(f.Name))];
        Assert.Equal(s_names.Keys.Order(StringComparer.Ordinal), fields.Select(f => f.Name).Order(StringComparer.Ordinal));
        (string, long)[] ours = [.. fields.Select(f => (s_names[f.Name], (long)Convert.ToUInt64(f.GetRawConstantValue(), CultureInfo.InvariantCulture)))];
        CProgram.AssertSame(ours, CProgram.Values(Kernel, s_names.Values));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Access_times_are_those_of_the_headers()
        => AssertSame(Kernel, ("MOUNT_ATTR_RELATIME", (long)AccessTimes.Relative), ("MOUNT_ATTR_NOATIME", (long)AccessTimes.Never), ("MOUNT_ATTR_STRICTATIME", (long)AccessTimes.Always));

    [LinuxFact(Needs.CCompiler)]
    public void The_flags_of_umount2_are_those_of_the_headers()
        => AssertSame(
            Library,
            ("MNT_FORCE", (long)UnmountOptions.Force),
            ("MNT_DETACH", (long)UnmountOptions.Detach),
            ("MNT_EXPIRE", (long)UnmountOptions.Expire),
            ("UMOUNT_NOFOLLOW", (long)UnmountOptions.NoFollow));

    [LinuxFact(Needs.CCompiler)]
    public void Propagation_is_that_of_the_headers()
        => AssertSame(
            Kernel,
            ("MS_PRIVATE", (long)MountChange.Kernel(MountPropagation.Private)),
            ("MS_SHARED", (long)MountChange.Kernel(MountPropagation.Shared)),
            ("MS_SLAVE", (long)MountChange.Kernel(MountPropagation.Slave)),
            ("MS_UNBINDABLE", (long)MountChange.Kernel(MountPropagation.Unbindable)));

    private static void AssertSame(string headers, params (string Name, long Value)[] ours) => CProgram.AssertSame(ours, CProgram.Values(headers, ours.Select(o => o.Name)));
}
