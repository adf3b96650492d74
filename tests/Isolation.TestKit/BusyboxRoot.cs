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

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
