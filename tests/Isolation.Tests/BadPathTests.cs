using System.Globalization;
using Isolation.Fs;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Paths that cannot be, in every place where a container takes one: each is a typed error that names path and operation, for root and for an ordinary user, and leaves nothing.</summary>
[NativeOnly]
public sealed class BadPathTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.FullSpeed;

    private static readonly string s_name = "/" + new string('n', 256), s_path = string.Concat(Enumerable.Repeat("/d", 2048));

    /// <summary>What is asked for with a root that has a directory, a file and a loop of links; the errno, and what the message has to say.</summary>
    private static readonly Dictionary<string, (Func<ContainerBuilder, string, ContainerBuilder> Ask, Errno Errno, string[] Says)> s_cases = new()
    {
        ["bind, missing source"] = ((c, _) => c.WithBindMount("/no/such", "/x"), Errno.ENOENT, ["bind", "/no/such"]),
        ["bind, source in a file"] = ((c, _) => c.WithBindMount("/etc/passwd/x", "/x"), Errno.ENOTDIR, ["bind", "/etc/passwd/x"]),
        ["bind, source is a loop"] = ((c, r) => c.WithBindMount(r + "/loop", "/x"), Errno.ELOOP, ["bind", "/loop"]),
        ["bind, directory on a file"] = ((c, _) => c.WithBindMount("/etc", "/etc/passwd"), Errno.ENOTDIR, ["bind /etc on /etc/passwd", "is no directory"]),
        ["bind, file on a directory"] = ((c, _) => c.WithBindMount("/etc/passwd", "/etc"), Errno.EINVAL, ["bind /etc/passwd on /etc ", "A file is mounted on a file only"]),
        ["bind, target in a file"] = ((c, _) => c.WithBindMount("/etc", "/etc/passwd/x"), Errno.ENOTDIR, ["bind /etc on /etc/passwd/x"]),
        ["bind, target is a loop"] = ((c, _) => c.WithBindMount("/etc", "/loop"), Errno.ELOOP, ["bind /etc on /loop", "go in a circle"]),
        ["bind, target in a loop"] = ((c, _) => c.WithBindMount("/etc", "/loop/x"), Errno.ELOOP, ["bind /etc on /loop/x", "go in a circle"]),
        ["bind, target through a link of /proc"] = ((c, _) => c.WithBindMount("/etc", "/proc/self/root/x"), Errno.ELOOP, ["bind /etc on /proc/self/root/x", "through those of /proc"]),
        ["tmpfs on a file"] = ((c, _) => c.WithTmpfsMount("/etc/passwd"), Errno.ENOTDIR, ["mount tmpfs on /etc/passwd"]),
        ["tmpfs on a loop"] = ((c, _) => c.WithTmpfsMount("/loop"), Errno.ELOOP, ["mount tmpfs on /loop"]),
        ["mask of a loop"] = ((c, _) => c.WithMaskedPath("/loop"), Errno.ELOOP, ["mask /loop"]),
        ["read-only loop"] = ((c, _) => c.WithReadOnlyPath("/loop/x"), Errno.ELOOP, ["make read-only /loop/x"]),
        ["device that is missing"] = ((c, _) => c.WithDevice("/dev/no-such"), Errno.ENOENT, ["/dev/no-such"]),
        ["device on a directory"] = ((c, _) => c.WithDevice("/dev/zero", "/etc"), Errno.EINVAL, ["bind /dev/zero on /etc"]),
        ["root is a loop"] = ((c, r) => c.WithRootFs(r + "/loop"), Errno.ELOOP, ["use as root file system", "/loop"]),
        ["layer is a file"] = ((c, r) => c.WithOverlay([r + "/etc/passwd", r]), Errno.ENOTDIR, ["use as a layer of the root file system", "/etc/passwd"]),
        ["layer is missing"] = ((c, r) => c.WithOverlay([r + "/none", r]), Errno.ENOENT, ["use as a layer of the root file system", "/none"]),
        ["changes are missing"] = ((c, r) => c.WithOverlay([r], r + "/none"), Errno.ENOENT, ["keep the changes of the root file system in", "/none"]),
        ["root, long name"] = ((c, _) => c.WithRootFs(s_name), Errno.ENAMETOOLONG, ["use as root file system", s_name]),
        ["root, long path"] = ((c, _) => c.WithRootFs(s_path), Errno.ENAMETOOLONG, ["use as root file system", s_path]),
        ["layer, long name"] = ((c, r) => c.WithOverlay([r, s_name]), Errno.ENAMETOOLONG, ["use as", s_name]),
        ["layer, long path"] = ((c, r) => c.WithOverlay([s_path, r]), Errno.ENAMETOOLONG, ["use as a layer", s_path]),
        ["changes, long path"] = ((c, r) => c.WithOverlay([r], s_path), Errno.ENAMETOOLONG, ["keep the changes", s_path]),
        ["bind, long name of the source"] = ((c, _) => c.WithBindMount(s_name, "/x"), Errno.ENAMETOOLONG, ["bind", s_name]),
        ["bind, long path of the source"] = ((c, _) => c.WithBindMount(s_path, "/x"), Errno.ENAMETOOLONG, ["bind", s_path]),
        ["bind, long name of the target"] = ((c, _) => c.WithBindMount("/etc", s_name), Errno.ENAMETOOLONG, ["bind /etc on", s_name]),
        ["bind, long path of the target"] = ((c, _) => c.WithBindMount("/etc", s_path), Errno.ENAMETOOLONG, ["bind /etc on", s_path]),
        ["bind, long path of slashes"] = ((c, _) => c.WithBindMount("/etc", new string('/', 4095) + "x"), Errno.ENAMETOOLONG, ["bind /etc on", "//x"]),
        ["tmpfs, path of too many parts"] = ((c, _) => c.WithTmpfsMount(s_path[..^2]), Errno.ENAMETOOLONG, ["mount tmpfs on", "2047 parts"]),
        ["tmpfs, long name"] = ((c, _) => c.WithTmpfsMount(s_name + "/x"), Errno.ENAMETOOLONG, ["mount tmpfs on", s_name]),
        ["tmpfs, long path"] = ((c, _) => c.WithTmpfsMount(s_path), Errno.ENAMETOOLONG, ["mount tmpfs on", s_path]),
        ["mask, long name"] = ((c, _) => c.WithMaskedPath(s_name), Errno.ENAMETOOLONG, ["mask", s_name]),
        ["mask, long path"] = ((c, _) => c.WithMaskedPath(s_path), Errno.ENAMETOOLONG, ["mask", s_path]),
        ["read-only, long name"] = ((c, _) => c.WithReadOnlyPath(s_name), Errno.ENAMETOOLONG, ["make read-only", s_name]),
        ["read-only, long path"] = ((c, _) => c.WithReadOnlyPath(s_path), Errno.ENAMETOOLONG, ["make read-only", s_path]),
        ["device, long path"] = ((c, _) => c.WithDevice(s_path), Errno.ENAMETOOLONG, [s_path]),
        ["device, long name of the target"] = ((c, _) => c.WithDevice("/dev/zero", s_name), Errno.ENAMETOOLONG, ["bind /dev/zero on", s_name]),
        ["working directory, long path"] = ((c, _) => c.WithWorkingDirectory(s_path), Errno.ENAMETOOLONG, ["change the working directory to", s_path]),
        ["program, long path"] = ((c, _) => c.WithCommand(s_path), Errno.ENAMETOOLONG, ["execute", s_path]),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [LinuxTheory(Everything)]
    [MemberData(nameof(Cases))]
    public void A_path_that_cannot_be_is_named_and_leaves_nothing(string what)
    {
        using BusyboxRoot root = MakeRoot();
        string before = Print(root);
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNs()])
        {
            using var nothingLeft = new ResidueCheck();
            Provoke(what, container, root.Path);
        }

        Assert.Equal(before, Print(root));
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void An_ordinary_user_is_told_the_same()
    {
        using BusyboxRoot root = MakeRoot();
        CommandResult result = FreshProcess.RunAsUser(ProvokeAll, root.Path);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static void ProvokeAll(string root)
    {
        foreach (string what in s_cases.Keys)
            Provoke(what, new ContainerBuilder().WithUserNs(), root);
    }

    private static void Provoke(string what, ContainerBuilder container, string root)
    {
        (Func<ContainerBuilder, string, ContainerBuilder> ask, Errno errno, string[] says) = s_cases[what];

        // Missing mount points are made in the overlay, so the root stays as it is.
        ContainerBuilder asked = ask(container.WithRootFs(root).WithPidNs().WithCommand("/bin/true").WithStandardInput(StandardStream.Null), root);
        LinuxException e = Assert.Throws<LinuxException>(() => { asked.Run(); });
        Assert.True(e.Errno == errno, $"{what}: {e.Message}");
        Assert.All(says, s => Assert.Contains(s, e.Message, StringComparison.Ordinal));
    }

    [LinuxFact(Everything)]
    public void A_target_that_leads_upwards_stays_inside()
    {
        using BusyboxRoot root = MakeRoot();
        Assert.Equal("mounted mounted", new ContainerBuilder().WithRootFs(root.Path).WithPidNs().WithBindMount("/etc", "/../../up/../../here").WithTmpfsMount("/etc/../../there").Shell("test -e /here/passwd && echo $(grep -q ' /here ' /proc/mounts && echo mounted) $(grep -q ' /there ' /proc/mounts && echo mounted)"));
    }

    [LinuxFact]
    public void Nothing_is_mounted_on_the_root_itself_where_nobody_would_see_it()
    {
        foreach (string path in (string[])["/", "//", "/..", "/x/.."])
        {
            Assert.Contains("The target is the root directory.", Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithTmpfsMount(path)).Message, StringComparison.Ordinal);
            Assert.Equal("target", Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithBindMount("/etc", path)).ParamName);
            Assert.Equal("target", Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithDevice("/dev/zero", path)).ParamName);
        }
    }

    [LinuxFact(Everything)]
    public void Overlays_on_overlays_and_full_disks_are_told()
    {
        using BusyboxRoot root = MakeRoot();
        CommandResult result = FreshProcess.Run(["unshare", "--mount"], UseOddFileSystems, [root.Path]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static void UseOddFileSystems(string root)
    {
        Command.Run("sh", "-ec", """
            mount -t tmpfs -o size=16m isolation-odd /mnt; cd /mnt
            mkdir lower upper work first second full
            mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work first first
            mkdir first/changes
            mount -t overlay -o lowerdir=first:lower second second
            mount -t tmpfs -o size=64k,nr_inodes=2 full full; mkdir full/changes
            """).EnsureSuccess();
        ContainerBuilder container = new ContainerBuilder().WithPidNs().WithCommand("/bin/true");

        // One overlay as a layer is taken, two are not (FILESYSTEM_MAX_STACK_DEPTH).
        container.WithOverlay(["/mnt/first", root]).Run().EnsureSuccess();
        Refused(container.WithOverlay(["/mnt/second", root]), Errno.EINVAL, "overlay", root, "not in one whose layers are in another");
        Refused(container.WithRootFs("/mnt/second"), Errno.EINVAL, "overlay", "/mnt/second", "not in one whose layers are in another");
        Refused(container.WithOverlay([root], "/mnt/first/changes"), Errno.EINVAL, "overlay", root, "local file systems only");
        Refused(container.WithOverlay([root], "/mnt/full/changes"), Errno.ENOSPC, "overlay", root);
        Refused(container.WithRootFs("/mnt/full", RootFsMode.ReadWrite).WithDefaultMounts(DefaultMounts.None).WithTmpfsMount("/new"), Errno.ENOSPC, "mount tmpfs on /new");
        Assert.Equal(["/mnt/full/changes"], Directory.EnumerateFileSystemEntries("/mnt/full", "*", SearchOption.AllDirectories));
    }

    private static void Refused(ContainerBuilder container, Errno errno, params string[] says)
    {
        LinuxException e = Assert.Throws<LinuxException>(() => { container.Run(); });
        Assert.True(e.Errno == errno, e.Message);
        Assert.All(says, s => Assert.Contains(s, e.Message, StringComparison.Ordinal));
    }

    // R10 of the project's security checks.
    [LinuxFact(Everything)]
    public void With_few_descriptors_a_start_with_mounts_succeeds_or_names_the_limit()
    {
        using BusyboxRoot root = MakeRoot();
        CommandResult result = FreshProcess.Run(StartWithFew, root.Path);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static void StartWithFew(string root)
    {
        ContainerTemplate template = new ContainerBuilder().WithRootFs(root).WithPidNs().WithNetNs().WithBindMount("/etc", "/a").WithTmpfsMount("/b").WithMaskedPath("/etc/passwd").WithReadOnlyPath("/bin").WithCommand("/bin/true").Build();
        template.Run().EnsureSuccess();
        RunningProcess self = RunningProcess.Current;
        ResourceLimit usual = self.GetLimit(LimitedResource.OpenFiles);
        int used = Descriptors(), succeeded = 0, failed = 0;
        for (int more = 0; more <= 40; more++)
        {
            self.SetLimit(LimitedResource.OpenFiles, new ResourceLimit(used + more, usual.Hard));
            try
            {
                template.Run().EnsureSuccess();
                succeeded++;
            }
            catch (LinuxException e)
            {
                failed++;
                self.SetLimit(LimitedResource.OpenFiles, usual);
                Assert.True(e.Errno == Errno.EMFILE && e.Message.Contains("RLIMIT_NOFILE", StringComparison.Ordinal), more.ToString(CultureInfo.InvariantCulture) + ": " + e.Message);
            }

            self.SetLimit(LimitedResource.OpenFiles, usual);
            Assert.Equal(used, Descriptors());
        }

        Assert.True(succeeded > 0 && failed > 0, $"{succeeded} succeeded, {failed} failed");

        static int Descriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
    }

    private static BusyboxRoot MakeRoot()
    {
        var root = new BusyboxRoot();
        File.CreateSymbolicLink(root.At("loop"), "loop");
        return root;
    }

    private static string Print(BusyboxRoot root) => Command.Run("find", root.Path, "-printf", "%P %i %y %m %U %G %n %s %T@ %C@ %l\n").EnsureSuccess().Output;
}
