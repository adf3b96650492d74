using System.Text;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.TestKit;

/// <summary>A temporary root file system with a static busybox. Every user can read it.</summary>
public sealed class BusyboxRoot : IDisposable
{
    private static readonly string[] s_applets =
        ["sh", "cat", "ls", "id", "mount", "hostname", "true", "false", "sleep", "touch", "kill", "ip", "echo", "env", "grep", "stat", "readlink", "head", "wc", "mkdir", "rm", "test", "ps", "dd", "yes", "tr", "date", "uptime"];

    public BusyboxRoot()
    {
        Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        foreach (string name in (string[])["bin", "proc", "sys", "dev", "tmp", "etc", "root"])
            Directory.CreateDirectory(At(name));
        File.Copy("/bin/busybox", At("bin/busybox"));
        foreach (string applet in s_applets)
            File.CreateSymbolicLink(At("bin/" + applet), "busybox");
        File.WriteAllText(At("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1001:Alice:/home/alice:/bin/sh\n");
        File.WriteAllText(At("etc/group"), "root:x:0:\nalice:x:1001:\nstaff:x:50:alice\n");
    }

    /// <summary>The directory.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "isolation-root-" + Guid.NewGuid().ToString("N")[..12]);

    /// <summary>A path below it, on the host.</summary>
    public string At(string path) => System.IO.Path.Combine(Path, path.TrimStart('/'));

    /// <summary>Deletes it. A mount that a test has left below it is taken off first, not looked into, and told.</summary>
    public void Dispose()
    {
        // Deleting goes through mounts: of a forgotten bind mount of /etc nothing would remain, in the host's /etc too.
        string[] forgotten = [.. Mounts()];
        foreach (string mount in forgotten.Reverse())
            TakeOff(mount);
        Directory.Delete(Path, recursive: true);
        if (forgotten.Length > 0)
            throw new InvalidOperationException("A test has left mounts: " + string.Join(", ", forgotten));
    }

    // By the name, which is unique: the mount table knows the folder of temporary files without symbolic links.
    private IEnumerable<string> Mounts()
        => File.ReadLines("/proc/self/mountinfo").Select(l => l.Split(' ')[4]).Where(m => m.Contains(System.IO.Path.GetFileName(Path), StringComparison.Ordinal));

    private static unsafe void TakeOff(string mount)
    {
        const int Detach = 2, NoFollow = 8;
        fixed (byte* path = Encoding.UTF8.GetBytes(mount + '\0'))
            Sys.Check("unmount", mount, SyscallNumber.Umount2, (nint)path, Detach | NoFollow);
    }
}
