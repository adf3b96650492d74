using Isolation.Fs;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Bad input gives its own error, which names the step, and leaves nothing. The messages stand here as a person reads them.</summary>
public class BadInputTests(ITestOutputHelper console)
{
    public static TheoryData<string, string> Cases { get; } = new()
    {
        { "missing program", "execute /no/such/program failed: No such file or directory (ENOENT from execve). The program, or the interpreter or loader that it names, does not exist in the container" },
        { "missing program in PATH", "execute nosuchprogram failed: No such file or directory (ENOENT from execve). It is not in the container's PATH: /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
        { "missing loader", "execute /bin/needs-loader failed: No such file or directory (ENOENT from execve). The program, or the interpreter or loader that it names, does not exist in the container" },
        { "not executable", "execute /etc/passwd failed: Permission denied (EACCES from execve). It is a directory, has no execute permission for this user, or lies on a mount with noexec" },
        { "wrong format", "execute /bin/garbage failed: Exec format error (ENOEXEC from execve). It is no program for this machine; a script needs a first line such as #!/bin/sh" },
        { "directory as program", "execute /etc failed: Permission denied (EACCES from execve). It is a directory, has no execute permission for this user, or lies on a mount with noexec" },
        { "2 MB of arguments", "execute /bin/true failed: Argument list too long (E2BIG from execve). The arguments and the environment are too large: 128 KiB for one string, a quarter of the stack limit in all (execve(2))" },
        { "missing root", "use as root file system {root}/missing failed: No such file or directory (ENOENT from statx)." },
        { "root is a file", "use as root file system {root}/etc/passwd failed: Not a directory (ENOTDIR from statx)." },
        { "missing bind source", "bind /no/such/source failed: No such file or directory (ENOENT from statx)." },
        { "mount target leads out of the root", "bind /etc on /way-out failed: No such file or directory (ENOENT from openat2). A symbolic link on the way to /way-out points to nothing inside the root" },
        { "/proc is a link", "mount proc on /proc failed: Too many levels of symbolic links (ELOOP from openat2). /proc is a symbolic link; in this place the root needs a directory" },
        { "read-only root without mount point", "mount tmpfs on /missing failed: Read-only file system (EROFS from mkdirat). The root is read-only and has no /missing; make it there, or use RootFsMode.Overlay" },
        { "mount point in a read-only bind", "mount tmpfs on /data/none failed: Read-only file system (EROFS from mkdirat). /data/none lies in the mount at /data, which is read-only and has no such place" },
        { "mount point in /proc", "mount tmpfs on /proc/none failed: No such file or directory (ENOENT from mkdirat). /proc/none lies in the mount at /proc, in which it cannot be made, or a symbolic link on the way points to nothing inside the root" },
        { "changes on two file systems", "mount overlay on /data failed: Invalid argument (EINVAL from fsconfig). A layer may be in an overlay, but not in one whose layers are in another; changes and the work directory lie in one file system. The kernel's log may say more (dmesg(1))" },
        { "missing working directory", "change the working directory to /no/such failed: No such file or directory (ENOENT from chdir)." },
        { "relative root", "The root file system 'relative' is relative; it must begin with '/'. (Parameter 'path')" },
        { "relative mount target", "The target 'tmp' is relative; it must begin with '/'. (Parameter 'target')" },
        { "NUL in an argument", "An argument of the command is null or holds a NUL character. (Parameter 'command')" },
        { "NUL in a path", "The root file system holds a NUL character. (Parameter 'path')" },
        { "empty command", "A command names a program at least. (Parameter 'command')" },
        { "environment name with =", "The name of the variable 'A=B' holds '='. (Parameter 'name')" },
        { "unknown user", "There is no user 'bob' in /etc/passwd of {root}. Give the number, or add a line." },
        { "user that is none", "'-1' is no user: it is name, uid, name:group or uid:gid, with ids from 0 to 4294967294. (Parameter 'text')" },
        { "domain name of 65 bytes", "The domain name has 65 bytes; the kernel takes 64 (setdomainname(2)). (Parameter 'domainName')" },
        { "host name of 65 bytes", "The host name has 65 bytes; the kernel takes 64 (sethostname(2)). (Parameter 'hostname')" },
        { "cgroup that is none", "open {root}/etc failed: Invalid argument (EINVAL). It is no directory of cgroup2" },
    };

    [LinuxTheory(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    [MemberData(nameof(Cases))]
    public void Bad_input_gives_its_own_message_and_leaves_nothing(string what, string message)
    {
        using var root = new BusyboxRoot();
        File.WriteAllBytes(root.At("bin/garbage"), [1, 2, 3, 4]);
        File.SetUnixFileMode(root.At("bin/garbage"), (UnixFileMode)0x1ed);
        File.Copy("/bin/busybox", root.At("bin/needs-loader"));
        File.WriteAllText(root.At("bin/needs-loader"), "#!/no/such/interpreter\n");
        File.CreateSymbolicLink(root.At("way-out"), "../../outside");
        Containers.Full(root).WithCommand("/bin/true").Run().EnsureSuccess();

        using var residue = new ResidueCheck();
        Exception error = Assert.ThrowsAny<Exception>(() => { Provoke(what, root); });
        console.WriteLine(error.Message);
        Assert.Equal(message.Replace("{root}", root.Path, StringComparison.Ordinal), error.Message);
        Assert.True(error is LinuxException or ArgumentException, error.GetType().Name);
    }

    private static ContainerExit Provoke(string what, BusyboxRoot root)
    {
        ContainerBuilder full = Containers.Full(root);
        ContainerBuilder plain = new ContainerBuilder().WithRootFs(root.Path).WithCommand("/bin/true");
        return what switch
        {
            "missing program" => full.WithCommand("/no/such/program").Run(),
            "missing program in PATH" => full.WithCommand("nosuchprogram").Run(),
            "missing loader" => full.WithCommand("/bin/needs-loader").Run(),
            "not executable" => full.WithCommand("/etc/passwd").Run(),
            "wrong format" => full.WithCommand("/bin/garbage").Run(),
            "directory as program" => full.WithCommand("/etc").Run(),
            "2 MB of arguments" => full.WithCommand(["/bin/true", .. Enumerable.Repeat(new string('x', 100_000), 30)]).Run(),
            "missing root" => plain.WithRootFs(root.At("missing")).Run(),
            "root is a file" => plain.WithRootFs(root.At("etc/passwd"), RootFsMode.ReadWrite).Run(),
            "missing bind source" => full.WithBindMount("/no/such/source", "/x").WithCommand("/bin/true").Run(),
            "mount target leads out of the root" => full.WithBindMount("/etc", "/way-out").WithCommand("/bin/true").Run(),
            "/proc is a link" => WithLinkedProc(root).Run(),
            "read-only root without mount point" => plain.WithRootFs(root.Path, RootFsMode.ReadOnly).WithTmpfsMount("/missing").Run(),
            "mount point in a read-only bind" => plain.WithBindMount(root.At("bin"), "/data", MountAccess.ReadOnly).WithTmpfsMount("/data/none").Run(),
            "mount point in /proc" => plain.WithPidNs().WithTmpfsMount("/proc/none").Run(),
            "changes on two file systems" => plain.WithMount("/data", new OverlayOptions("/usr") { UpperDirectory = root.At("tmp"), WorkDirectory = "/dev/shm" }).Run(),
            "missing working directory" => full.WithWorkingDirectory("/no/such").WithCommand("/bin/true").Run(),
            "relative root" => plain.WithRootFs("relative").Run(),
            "relative mount target" => plain.WithTmpfsMount("tmp").Run(),
            "NUL in an argument" => plain.WithCommand("/bin/echo", "a\0b").Run(),
            "NUL in a path" => plain.WithRootFs("/a\0b").Run(),
            "empty command" => plain.WithCommand().Run(),
            "environment name with =" => plain.WithEnvironment("A=B", "C").Run(),
            "unknown user" => full.WithUser("bob").WithCommand("/bin/true").Run(),
            "user that is none" => full.WithUser("-1").WithCommand("/bin/true").Run(),
            "domain name of 65 bytes" => full.WithDomainName(new string('d', 65)).WithCommand("/bin/true").Run(),
            "host name of 65 bytes" => full.WithHostname(new string('h', 65)).WithCommand("/bin/true").Run(),
            "cgroup that is none" => plain.WithCgroupDirectory(root.At("etc")).Run(),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private static ContainerBuilder WithLinkedProc(BusyboxRoot root)
    {
        Directory.Delete(root.At("proc"));
        File.CreateSymbolicLink(root.At("proc"), "/etc");
        return Containers.Full(root).WithCommand("/bin/true");
    }

    [LinuxFact(Needs.FullSpeed)]
    public void Without_privilege_the_message_says_WithUserNs()
    {
        CommandResult result = FreshProcess.RunAsUser(StartWithoutPrivilege);
        Assert.Equal("start a child in new network namespace failed: Operation not permitted (EPERM from clone3). This needs CAP_SYS_ADMIN; without it, add WithUserNs()", result.Output.Trim());
    }

    private static void StartWithoutPrivilege()
    {
        try
        {
            new ContainerBuilder().WithNetNs().WithCommand("/bin/true").Run();
        }
        catch (LinuxException e)
        {
            Console.WriteLine(e.Message);
        }
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void Exhausted_user_namespaces_are_named()
    {
        // The limit is per user namespace and user: inside a namespace of our own it is ours to set.
        CommandResult result = FreshProcess.Run(["unshare", "--user", "--map-root-user"], ExhaustUserNamespaces, []);
        Assert.Contains("(ENOSPC from clone3). The limit on user namespaces, /proc/sys/user/max_user_namespaces, is 0", result.Output, StringComparison.Ordinal);
    }

    private static void ExhaustUserNamespaces()
    {
        File.WriteAllText("/proc/sys/user/max_user_namespaces", "0");
        try
        {
            new ContainerBuilder().WithUserNs().WithCommand("/bin/true").Run();
        }
        catch (LinuxException e)
        {
            Console.WriteLine(e.Message);
        }
    }
}
