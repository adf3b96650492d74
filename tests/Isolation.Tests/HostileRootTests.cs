using Isolation.Fs;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>S04, S07 and S08 of the project's security checks: roots, and a host, whose /proc and /dev are not what they should be.</summary>
[NativeOnly]
public sealed class HostileRootTests : IDisposable
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.FullSpeed;

    private readonly BusyboxRoot _root = new();
    private readonly string _outside = Directory.CreateTempSubdirectory("isolation-outside-").FullName;

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_outside, recursive: true);
    }

    [LinuxTheory(Everything)]
    [InlineData("proc", "/etc")]
    [InlineData("proc", "{outside}")]
    [InlineData("proc", "../../../..{outside}")]
    [InlineData("proc", "sys")]
    [InlineData("dev", "{outside}")]
    [InlineData("dev", "/proc/self/fd")]
    [InlineData("sys", "{outside}")]
    public void What_a_default_mount_is_on_may_be_no_link(string name, string target)
    {
        target = target.Replace("{outside}", _outside, StringComparison.Ordinal);
        Directory.Delete(_root.At(name));
        File.CreateSymbolicLink(_root.At(name), target);
        string before = Print();
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNs()])
        {
            ContainerTemplate template = container.WithRootFs(_root.Path, RootFsMode.ReadWrite).WithPidNs().WithNetNs().WithCommand("/bin/touch", "/proc/made", "/dev/made", "/sys/made").Build();
            LinuxException e = Assert.Throws<LinuxException>(() => { template.Run(); });
            Assert.Equal((Errno.ELOOP, "openat2", "/" + name), (e.Errno, e.Call, e.Target));
        }

        Assert.Equal(before, Print());
    }

    [LinuxFact(Everything)]
    public void Links_below_dev_lead_nowhere_since_dev_is_new()
    {
        foreach (string name in (string[])["console", "pts", "ptmx", "null", "shm", "fd", "tty"])
            File.CreateSymbolicLink(_root.At("dev/" + name), $"{_outside}/{name}");
        Directory.CreateDirectory(_outside + "/pts");
        Directory.CreateDirectory(_outside + "/shm");
        File.WriteAllText(_outside + "/null", "");
        string before = Print();
        foreach (RootFsMode mode in (RootFsMode[])[RootFsMode.ReadWrite, RootFsMode.ReadOnly, RootFsMode.Overlay])
        {
            foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNs()])
            {
                ContainerBuilder started = container.WithRootFs(_root.Path, mode).WithPidNs().WithMaskedPath("/dev/null").WithReadOnlyPath("/dev/shm").WithTmpfsMount("/dev/console-of-its-own");
                Assert.Equal("1:3 devpts tmpfs", started.Shell("echo x > /dev/null; echo $(stat -c %t:%T /dev/null) $(grep ' /dev/pts ' /proc/mounts | cut -d' ' -f3) $(grep ' /dev/shm ' /proc/mounts | tail -n 1 | cut -d' ' -f3)".Replace("cut -d' ' -f3", "(read a b c d; echo $c)", StringComparison.Ordinal).Replace("tail -n 1", "head -n 1", StringComparison.Ordinal)));
            }
        }

        Assert.Equal(before, Print());
    }

    [LinuxTheory(Everything)]
    [InlineData("a file")]
    [InlineData("another device")]
    [InlineData("a link")]
    public void A_null_that_is_none_is_not_shown_and_masks_nothing(string what)
    {
        string fake = _root.At("fake");
        CommandResult result = FreshProcess.Run(["unshare", "--mount"], StartWithFakeNull, [what, _root.Path, fake]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    // In a mount namespace that ends with this process; its /dev/null is the test's.
    private static void StartWithFakeNull(string what, string root, string fake)
    {
        ContainerBuilder plain = new ContainerBuilder().WithRootFs(root, RootFsMode.ReadWrite).WithPidNs().WithCommand("/bin/true");
        plain.WithMaskedPath("/etc/passwd").Run().EnsureSuccess();
        if (what == "a link")
        {
            // Its own /dev: what lies there is a link to the real one.
            Command.Run("sh", "-ec", "mkdir \"$0\"; mknod \"$0\"/real c 1 3; ln -s real \"$0\"/null; mount --bind \"$0\" /dev", fake).EnsureSuccess();
        }
        else
        {
            Command.Run("sh", "-ec", what == "a file" ? "echo secret > \"$0\"; mount --bind \"$0\" /dev/null" : "mount --bind /dev/zero /dev/null", fake).EnsureSuccess();
        }

        foreach (ContainerBuilder container in (ContainerBuilder[])[plain, plain.WithDefaultMounts(DefaultMounts.None).WithMaskedPath("/etc/passwd")])
        {
            LinuxException e = Assert.Throws<LinuxException>(() => { container.Run(); });
            Assert.Equal("show the host's /dev/null failed: No such device (ENODEV from statx). It is not the character device 1:3", e.Message);
        }
    }

    [LinuxFact(Everything)]
    public void What_is_mounted_over_the_managers_root_is_not_seen()
    {
        string[] covered = ["unshare", "--mount", "--propagation=private", "sh", "-ec", "mount --bind / /; mount --bind / /; exec \"$@\"", "sh"];
        Assert.Equal(string.Concat(Enumerable.Repeat("same 1\n", 3)), FreshProcess.Run(covered, LookAboveRoot, [_root.Path]).EnsureSuccess().Output);
    }

    // ".." of the root directory goes on to what is mounted on top of it. A user namespace cannot be made there (user_namespaces(7), EPERM).
    private static void LookAboveRoot(string root)
    {
        foreach (RootFsMode mode in (RootFsMode[])[RootFsMode.ReadWrite, RootFsMode.ReadOnly, RootFsMode.Overlay])
            Console.WriteLine(new ContainerBuilder().WithRootFs(root, mode).WithPidNs().Shell("test $(stat -c %d:%i /) = $(stat -c %d:%i /..) && echo same $(cut -d ' ' -f 5 /proc/self/mountinfo | grep -c '^/$')"));
    }

    /// <summary>The root and what is outside, with times; without the work of the kernel for overlays.</summary>
    private string Print() => Command.Run("find", _outside, _root.Path, "-printf", "%P %i %y %m %U %G %n %s %T@ %C@ %l\n").EnsureSuccess().Output;
}
