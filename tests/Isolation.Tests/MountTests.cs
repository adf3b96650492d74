using Isolation.Fs;
using Isolation.Namespaces;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>File systems of any type and binds with any attributes, as root, with a user namespace, and of an ordinary user.</summary>
public class MountTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.X64;

    private const MountAttributes Plain = MountAttributes.NoSuid | MountAttributes.NoDev;

    // The options of a mount, and those of its file system.
    private const string Functions = "m() { grep \" $1 \" /proc/self/mountinfo | while read a b c d e f rest; do echo \"$f ${rest##* }\"; done; }; ";

    public static TheoryData<string, string> Answers { get; } = new()
    {
        { "proc", "1 nosuid,nodev,noexec hidepid=invisible subset=pid self thread-self" },
        { "proc with other attributes", "1 ro,nosuid" },
        { "tmpfs", "rw,nosuid,nodev,noexec,noatime size=1024k nr_inodes=100 750" },
        { "noexec", "refused" },
        { "nodiratime", "rw,nodiratime,nosymfollow refused" },
        { "sysfs", "1 ro lo" },
        { "devpts", "rw,nosuid,noexec max=4 ptmx 666" },
        { "mqueue", "QSIZE:0 rw,nosuid,nodev,noexec" },
        { "cgroup2", "cgroup.procs ro,nosuid" },
        { "overlay", "top middle refused" },
        { "nodev bind", "refused" },
        { "read-only bind", "refused ro" },
    };

    [LinuxTheory(Everything | Needs.UserNamespaces)]
    [MemberData(nameof(Answers))]
    public void A_mount_is_as_it_was_asked_for(string mount, string answer)
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var folder = new SharedFolder();
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNs()])
            Assert.Equal(answer, Ask(container, mount, root.Path, folder.Path));
        Assert.Equal(answer + "\n", FreshProcess.RunAsUser(AskAsUser, mount, root.Path, folder.Path).EnsureSuccess().Output);
    }

    private static void AskAsUser(string mount, string root, string folder) => Console.WriteLine(Ask(new ContainerBuilder().WithUserNs(), mount, root, folder));

    private static string Ask(ContainerBuilder container, string mount, string root, string folder)
    {
        container = container.WithRootFs(root).WithPidNs().WithNetNs().WithIpcNs().WithCgroupNs();
        (ContainerBuilder asked, string script) = mount switch
        {
            "proc" => (container.WithMount("/proc", new ProcOptions { Visibility = ProcessVisibility.Hidden, ProcessesOnly = true }),
                "echo $(m /proc | wc -l) $(m /proc | grep -o nosuid,nodev,noexec) $(m /proc | grep -o hidepid=invisible) $(m /proc | grep -o subset=pid) $(ls /proc | grep -v '^[0-9]')"),
            "proc with other attributes" => (container.WithMount("/proc/", new ProcOptions(), MountAttributes.ReadOnly | MountAttributes.NoSuid), "echo $(m /proc | wc -l) $(m /proc | grep -o ro,nosuid)"),
            "tmpfs" => (container.WithMount("/data", new TmpfsOptions { Size = 1 << 20, Files = 100, Mode = (UnixFileMode)0x1e8 }, Plain | MountAttributes.NoExec, AccessTimes.Never),
                "echo $(m /data | grep -o '^[a-z,]*') $(m /data | grep -o size=1024k) $(m /data | grep -o nr_inodes=100) $(stat -c %a /data)"),
            "noexec" => (container.WithMount("/data", new TmpfsOptions(), MountAttributes.NoExec), "/bin/busybox cp /bin/busybox /data/true; /data/true 2>/dev/null || echo refused"),
            "nodiratime" => (container.WithMount("/data", new TmpfsOptions(), MountAttributes.NoDirectoryAccessTimes | MountAttributes.NoSymbolicLinks),
                "/bin/busybox ln -s /etc/passwd /data/link; echo $(m /data | grep -o rw,nodiratime) $(m /data | grep -o nosymfollow) $(cat /data/link 2>/dev/null || echo refused) | /bin/busybox sed 's/ nosym/,nosym/'"),
            "sysfs" => (container.WithMount("/sys", new SysfsOptions(), MountAttributes.ReadOnly | Plain), "echo $(m /sys | wc -l) $(m /sys | grep -o ^ro) $(ls /sys/class/net | grep -v bonding_masters)"),
            "devpts" => (container.WithMount("/pts", new DevptsOptions { PtmxMode = (UnixFileMode)0x1b6, Terminals = 4 }), "echo $(m /pts | grep -o rw,nosuid,noexec) $(m /pts | grep -o max=4) $(ls /pts) $(stat -c %a /pts/ptmx)"),
            "mqueue" => (container.WithMount("/dev/mqueue", new MqueueOptions()), "touch /dev/mqueue/q; echo $(cat /dev/mqueue/q | grep -o QSIZE:0) $(m /dev/mqueue | grep -o rw,nosuid,nodev,noexec)"),
            "cgroup2" => (container.WithMount("/cgroup", new Cgroup2Options(), MountAttributes.ReadOnly | MountAttributes.NoSuid), "echo $(ls /cgroup | grep ^cgroup.procs$) $(m /cgroup | grep -o ro,nosuid)"),
            "overlay" => (container.WithMount("/data", new OverlayOptions(folder + "/top", folder + "/middle")), "echo $(cat /data/both) $(cat /data/middle) $( (echo x > /data/new) 2>/dev/null || echo refused)"),
            "nodev bind" => (container.WithBindMount("/dev/zero", "/zero", new MountChange { Set = MountAttributes.NoDev }), "head -c 1 /zero 2>/dev/null || echo refused"),
            "read-only bind" => (container.WithBindMount(folder, "/data", MountAccess.ReadOnly), "echo $(touch /data/open/new 2>/dev/null || echo refused) $(m /data | grep -o ^ro)"),
            _ => throw new ArgumentException(mount),
        };
        return asked.Shell(Functions + script);
    }

    [LinuxFact(Everything)]
    public void Processes_of_others_are_hidden_and_ids_are_those_inside()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNs()])
        {
            // Process 1, the init, is root's.
            ContainerBuilder two = container.WithRootFs(root.Path).WithPidNs().WithInit().WithUser("1000");
            Assert.Equal("1", two.Shell("ls /proc | grep '^1$'"));
            Assert.Equal("hidden", two.WithMount("/proc", new ProcOptions { Visibility = ProcessVisibility.Hidden }).Shell("ls /proc | grep '^1$' || echo hidden"));
            Assert.Equal("1", two.WithMount("/proc", new ProcOptions { Visibility = ProcessVisibility.Hidden, VisibleToGroup = 1001 }).WithUser("1000:1001").Shell("ls /proc | grep '^1$'"));
            Assert.Equal("1000 1001", two.WithMount("/data", new TmpfsOptions { User = 1000, Group = 1001, Mode = (UnixFileMode)0x1c0 }).Shell("touch /data/mine; stat -c '%u %g' /data"));
        }
    }

    [LinuxFact(Everything)]
    public void Without_a_root_of_its_own_mounts_are_the_containers_all_the_same()
    {
        using var nothingLeft = new ResidueCheck();
        using var folder = new SharedFolder();
        string here = Environment.CurrentDirectory;
        ContainerBuilder container = new ContainerBuilder().WithPidNs().WithMount("/proc", new ProcOptions { ProcessesOnly = true })
            .WithMount(folder.Path + "/open", new OverlayOptions(folder.Path + "/top", folder.Path + "/middle"));
        Assert.Equal($"no top {here} 1", container.Shell($"echo $(test -e /proc/cmdline || echo no) $(cat {folder.Path}/open/both) $(pwd) $(grep -c ' / / ' /proc/self/mountinfo)"));
        Assert.False(File.Exists(folder.Path + "/open/both"));
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void With_a_changed_root_directory_mounts_are_in_that()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var folder = new SharedFolder();
        File.WriteAllText(root.At("etc/hostname"), "the root's\n");
        foreach (ContainerBuilder builder in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNs()])
        {
            foreach (MountPropagation propagation in Enum.GetValues<MountPropagation>())
            {
                ContainerBuilder container = builder.WithChroot(root.Path).WithPidNs().WithPropagation(propagation)
                    .WithMaskedPath("/etc/passwd").WithReadOnlyPath("/etc").WithFile("/etc/hostname", "mine\n").WithTmpfsMount("/tmp")
                    .WithBindMount(folder.Path, "/root", new MountChange { Set = MountAttributes.ReadOnly, Propagation = MountPropagation.Private })
                    .WithMount("/sys", new OverlayOptions(folder.Path + "/top", folder.Path + "/middle"));
                Assert.Equal("0 read-only mine made top top 1 / 8", container.Shell("echo $(wc -c < /etc/passwd) $(touch /etc/new 2>&1 | grep -q Read-only && echo read-only) $(cat /etc/hostname) $(touch /tmp/new && echo made) $(cat /root/top/both) $(cat /sys/both) $$ $(pwd) $(grep -c -v ' / / ' /proc/self/mountinfo)"));
            }
        }

        Assert.Equal("the root's\n", File.ReadAllText(root.At("etc/hostname")));
        Assert.False(File.Exists(root.At("tmp/new")));
        using Container running = new ContainerBuilder().WithChroot(root.Path).WithTmpfsMount("/tmp").WithMaskedPath("/etc/hostname").WithCommand("/bin/sleep", "100").Start();
        Assert.Equal("0 1", new ContainerBuilder().WithContainer(running).Shell("echo $(wc -c < /etc/hostname) $(ls -a /tmp | wc -l | grep -c 2)"));
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithContainer(running).WithTmpfsMount("/tmp").Build());
        using MountNamespace others = MountNamespace.OfProcess(running.ProcessId);
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithMountNs(others).WithChroot(root.Path).WithTmpfsMount("/tmp").Build());
    }

    [LinuxFact(Everything)]
    public void What_shares_all_mounts_or_allows_no_binds_does_so_with_a_changed_root_directory()
    {
        using var root = new BusyboxRoot();
        foreach ((MountPropagation propagation, string shared, string bound) in ((MountPropagation, string, string)[])[(MountPropagation.Private, "", "bound"), (MountPropagation.Shared, "shared", "bound"), (MountPropagation.Unbindable, "", "")])
        {
            string told = new ContainerBuilder().WithChroot(root.Path).WithPidNs().WithPropagation(propagation).WithTmpfsMount("/tmp")
                .Shell("grep ' /tmp ' /proc/self/mountinfo | grep -o shared; mount -o bind /tmp /root 2>/dev/null && echo bound; true");
            Assert.Equal($"{shared}\n{bound}".Trim('\n'), told);
        }
    }

    // The labs' kernel cannot map the ids of their tmpfs.
    [LinuxFact(Everything | Needs.FullSpeed | Needs.UserNamespaces)]
    public void An_overlay_at_a_target_keeps_its_changes_in_its_upper_directory()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var folder = new SharedFolder();
        Assert.Equal("top changed", WriteThrough(new ContainerBuilder(), root.Path, folder.Path));
        Assert.Equal("top changed\n", FreshProcess.RunAsUser(WriteThroughAsUser, root.Path, folder.Path).EnsureSuccess().Output);
        Assert.Equal("top", File.ReadAllText(folder.Path + "/top/both"));
    }

    private static void WriteThroughAsUser(string root, string folder) => Console.WriteLine(WriteThrough(new ContainerBuilder().WithUserNs(), root, folder));

    private static string WriteThrough(ContainerBuilder container, string root, string folder)
    {
        // Names that overlayfs would misread.
        string changes = Directory.CreateTempSubdirectory("isolation,upper:").FullName;
        var overlay = new OverlayOptions(folder + "/top", folder + "/middle") { UpperDirectory = Directory.CreateDirectory(changes + "/u,p:\\1/up").FullName, WorkDirectory = Directory.CreateDirectory(changes + "/deep/work").FullName };
        string seen = container.WithPidNs().WithRootFs(root, RootFsMode.ReadOnly).WithMount("/root", overlay).Shell("cat /root/both; echo changed > /root/new");
        string kept = File.ReadAllText(changes + "/u,p:\\1/up/new").Trim();

        // The kernel's own directory in work has no permissions.
        Command.Run("chmod", "-R", "u+rwx", changes).EnsureSuccess();
        Directory.Delete(changes, recursive: true);
        return $"{seen} {kept}";
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void A_read_only_bind_is_so_with_all_that_is_mounted_below_and_a_flat_one_shows_what_lies_under_it()
    {
        using var root = new BusyboxRoot();
        using var folder = new SharedFolder();
        Assert.Equal(
            "root: below, 0 written, flat under\nuser namespace: below, 0 written, flat open /FOLDER failed: Invalid argument (EINVAL from open_tree). In a user namespace the mounts below a directory are locked to it, and it is bound with them only\nordinary user: below, 0 written\n",
            FreshProcess.Run(["unshare", "--mount", "--propagation=private"], BindDeep, [root.Path, folder.Path]).EnsureSuccess().Output.Replace(folder.Path, "/FOLDER", StringComparison.Ordinal));
    }

    private static void BindDeep(string root, string folder)
    {
        File.WriteAllText(folder + "/open/file", "under");
        Command.Run("mount", "-t", "tmpfs", "-o", "nosuid,nodev,noexec,noatime,mode=1777", "isolation-below", folder + "/open").EnsureSuccess();
        File.WriteAllText(folder + "/open/file", "below");
        ContainerBuilder flat(ContainerBuilder c) => c.WithPidNs().WithRootFs(root).WithBindMount(folder, "/data", new MountChange(), recursive: false);
        Console.WriteLine($"root: {ReadAndWrite(new(), root, folder)}, flat {flat(new()).Shell("cat /data/open/file")}");
        LinuxException e = Assert.Throws<LinuxException>(() => { flat(new ContainerBuilder().WithUserNs()).Shell("true"); });
        Console.WriteLine($"user namespace: {ReadAndWrite(new ContainerBuilder().WithUserNs(), root, folder)}, flat {e.Message}");
        Console.Write(FreshProcess.RunAsUser(ReadAndWriteAsUser, root, folder).EnsureSuccess().Output);
    }

    private static void ReadAndWriteAsUser(string root, string folder) => Console.WriteLine($"ordinary user: {ReadAndWrite(new ContainerBuilder().WithUserNs(), root, folder)}");

    private static string ReadAndWrite(ContainerBuilder container, string root, string folder)
        => container.WithPidNs().WithRootFs(root).WithBindMount(folder, "/data", MountAccess.ReadOnly)
            .Shell("n=0; touch /data/new 2>/dev/null && n=1; touch /data/open/new 2>/dev/null && n=2; echo x 2>/dev/null > /data/open/file && n=3; echo $(cat /data/open/file), $n written");

    [LinuxFact(Everything)]
    public void Set_user_ID_programs_and_access_times_of_a_bind_are_as_asked_for()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var folder = new SharedFolder();
        File.Copy(Machine.Find("id")!, folder.Path + "/open/id");
        File.SetUnixFileMode(folder.Path + "/open/id", (UnixFileMode)0x9ed /* 4755 */);
        ContainerBuilder container = new ContainerBuilder().WithPidNs().WithRootFs(root.Path).WithUser("1000");

        // busybox gives such privileges up by itself, so the host's program is taken, in the host's root.
        string open = folder.Path + "/open";
        Assert.Equal("0", new ContainerBuilder().WithUser("1000").WithBindMount(open, open).Shell($"{open}/id -u"));
        Assert.Equal("1000", new ContainerBuilder().WithUser("1000").WithBindMount(open, open, new MountChange { Set = MountAttributes.NoSuid }).Shell($"{open}/id -u"));
        var never = new MountChange { AccessTimes = AccessTimes.Never };
        Assert.Equal("noatime", container.WithBindMount(folder.Path, "/data", never).Shell("grep ' /data ' /proc/self/mountinfo | grep -o noatime"));
        Assert.Equal("", container.WithBindMount(folder.Path, "/data", new MountChange { AccessTimes = AccessTimes.Always }).Shell("grep ' /data ' /proc/self/mountinfo | grep -o -E 'noatime|relatime' || true"));
        LinuxException e = Assert.Throws<LinuxException>(() => { container.WithUserNs().WithBindMount(folder.Path, "/data", never).Shell("true"); });
        Assert.Equal($"change the mount of {folder.Path} failed: Operation not permitted (EPERM from mount_setattr). What a mount of the host refuses, and its access times, cannot be changed in a user namespace (mount_namespaces(7))", e.Message);
    }

    // The labs' kernel cannot map the ids of their tmpfs.
    [LinuxFact(Everything | Needs.FullSpeed)]
    public void A_bind_can_show_other_owners()
    {
        using var root = new BusyboxRoot();
        using var folder = new SharedFolder();
        var maps = new UserNamespaceMaps(new IdRange(0, 500_000, 10_000));

        // The process keeps a user namespace for these ids.
        new ContainerBuilder().WithPidNs().WithUserNs(maps).WithRootFs(root.Path).WithCommand("/bin/true").Run().EnsureSuccess();
        using var nothingLeft = new ResidueCheck();
        using UserNamespace users = UserNamespace.Create(maps);
        var mapped = new MountChange { UserNamespace = users.Handle, Set = MountAttributes.NoSuid };
        ContainerBuilder plain = new ContainerBuilder().WithPidNs().WithRootFs(root.Path).WithBindMount(folder.Path, "/data", mapped), inside = plain.WithUserNs(maps);
        Assert.Equal("500000 nosuid", plain.Shell("echo $(stat -c %u /data/top) $(grep ' /data ' /proc/self/mountinfo | grep -o nosuid)"));
        Assert.Equal("0 1234", inside.Shell("touch /data/open/made; /bin/busybox chown 1234 /data/open/made; echo $(stat -c %u /data/top) $(stat -c %u /data/open/made)"));
        Assert.Equal("1234", Command.Run("stat", "-c", "%u", folder.Path + "/open/made").Output.Trim());

        using UserNamespace closed = UserNamespace.Create(maps);
        ContainerTemplate template = plain.WithBindMount(folder.Path, "/other", new MountChange { UserNamespace = closed.Handle }).WithCommand("/bin/true").Build();
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { template.Run(); });
    }

    [LinuxFact(Everything)]
    public void What_the_kernel_refuses_is_named()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        ContainerBuilder container = new ContainerBuilder().WithPidNs().WithRootFs(root.Path).WithCommand("/bin/true");
        Refused("mount tmpfs on /data failed: Invalid argument (EINVAL from fsconfig). The option was 'nonsense=1'", container.WithMount("/data", new TmpfsOptions { Size = 4096, Additional = [new("nonsense", "1")] }));
        Refused("mount nonsense on /data failed: No such device (ENODEV from fsopen). The kernel has no file system of the type 'nonsense'", container.WithMount("/data", new OtherFileSystemOptions("nonsense")));
        Refused("mount tmpfs on /data failed: Invalid argument (EINVAL from fsconfig). The option was 'uid=70000'", container.WithUserNs().WithMount("/data", new TmpfsOptions { User = 70_000 }));
        Refused("mount mqueue on /data failed: Operation not permitted (EPERM from fsconfig). In a user namespace it needs WithIpcNs()", container.WithUserNs().WithMount("/data", new MqueueOptions()));
        Refused("use as a layer /no/such failed: No such file or directory (ENOENT from statx).", container.WithMount("/data", new OverlayOptions("/etc", "/no/such")));
        Refused($"mount tmpfs on /data failed: Invalid argument (EINVAL from fsconfig). The value of the option 'mpol' has 300 bytes, and the kernel takes 255", container.WithMount("/data", new TmpfsOptions { Additional = [new("mpol", new string('x', 300))] }));

        static void Refused(string message, ContainerBuilder container)
            => Assert.Equal(message, Assert.ThrowsAny<LinuxException>(() => { container.Run(); }).Message);
    }

    [LinuxFact]
    public void Mounts_that_are_none_are_refused_before_anything_starts()
    {
        var builder = new ContainerBuilder();
        Assert.Throws<ArgumentNullException>(() => builder.WithMount("/data", null!));
        Assert.Throws<ArgumentNullException>(() => builder.WithBindMount("/etc", "/data", (MountChange)null!));
        Assert.Throws<ArgumentException>(() => builder.WithMount("data", new TmpfsOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.WithMount("/data", new TmpfsOptions { Size = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.WithMount("/data", new TmpfsOptions(), (MountAttributes)0x100000));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.WithMount("/data", new TmpfsOptions(), null, (AccessTimes)3));
        Assert.Throws<ArgumentException>(() => builder.WithMount("/data", new OverlayOptions("/etc")));
        Assert.Throws<ArgumentException>(() => builder.WithMount("/data", new OverlayOptions("/etc", "usr")));
        Assert.Throws<ArgumentException>(() => builder.WithMount("/data", new OverlayOptions("/etc", "/usr/..")));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.WithDefaultMounts((DefaultMounts)64));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.WithBindMount("/etc", "/data", (MountAccess)7));
        Assert.Throws<ArgumentException>(() => builder.WithBindMount("/etc", "/data", new MountChange { Set = MountAttributes.NoDev, Clear = MountAttributes.NoDev }));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.WithBindMount("/etc", "/data", new MountChange { Propagation = (MountPropagation)9 }));
        Assert.Equal(
            "A /proc of the host's processes would lead out of the root (/proc/PID/root). Add WithPidNs().",
            Assert.Throws<ArgumentException>(() => { builder.WithRootFs("/srv").WithMount("/other", new OtherFileSystemOptions("proc")).Build(); }).Message);
    }

    // Before Linux 6.8 all layers are one text of 255 bytes; setarch(8) makes the kernel seem to be of long ago.
    [LinuxFact(Everything)]
    public void Long_names_of_layers_are_taken_before_Linux_6_8_too()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var folder = new SharedFolder();
        string[] before = Machine.Lab is null ? ["setarch", "--uname-2.6"] : [];
        Assert.Equal("top middle\n", FreshProcess.Run(before, MountLongNames, [root.Path, folder.Path]).EnsureSuccess().Output);
    }

    private static void MountLongNames(string root, string folder)
    {
        Assert.True(Environment.OSVersion.Version < new Version(6, 8));
        string longName = new('n', 200), top = $"{folder}/top/{longName}", middle = $"{folder}/middle/{longName}";
        Directory.CreateDirectory(top);
        Directory.CreateDirectory(middle);
        File.WriteAllText(top + "/top", "top");
        File.WriteAllText(middle + "/middle", "middle");
        Console.WriteLine(new ContainerBuilder().WithRootFs(root).WithPidNs().WithMount("/data", new OverlayOptions(top, middle)).Shell("echo $(cat /data/top) $(cat /data/middle)"));
    }

    // As WithReadOnlyPath and WithMaskedPath say. Who changes this changes what they say.
    [LinuxFact(Everything)]
    public void Root_of_a_user_namespace_can_undo_what_is_read_only_and_masked_and_an_ordinary_user_cannot()
    {
        using var root = new BusyboxRoot();
        File.WriteAllText(root.At("tmp/secret"), "secret");
        File.SetUnixFileMode(root.At("etc"), (UnixFileMode)0x1ff);
        const string Undo = "mount -o remount,bind,rw none /etc 2>/dev/null; touch /etc/new 2>/dev/null && echo written; /bin/busybox umount /tmp 2>/dev/null; cat /tmp/secret 2>/dev/null; true";
        ContainerBuilder container = new ContainerBuilder().WithRootFs(root.Path).WithPidNs().WithReadOnlyPath("/etc").WithMaskedPath("/tmp");
        Assert.Equal("written\nsecret", container.WithUserNsOfRoot().Shell(Undo));
        foreach (ContainerBuilder ordinary in (ContainerBuilder[])[container.WithUser("1000"), container.WithUserNsOfRoot().WithUser("1000")])
            Assert.Equal("nested", ordinary.Shell($"{Undo}; /bin/busybox unshare -r -m sh -c 'echo nested; {Undo}'"));
    }

    [LinuxFact(Everything)]
    public void Explain_shows_them()
    {
        using var root = new BusyboxRoot();
        string plan = new ContainerBuilder().WithRootFs(root.Path).WithPidNs()
            .WithMount("/proc", new ProcOptions { ProcessesOnly = true }, MountAttributes.NoSuid, AccessTimes.Never)
            .WithBindMount("/etc", "/data", new MountChange { Set = MountAttributes.NoExec, AccessTimes = AccessTimes.Relative, Propagation = MountPropagation.Unbindable })
            .Explain();
        Assert.Contains("fsconfig(fs, FSCONFIG_SET_STRING, \"subset\", \"pid\", 0)", plan, StringComparison.Ordinal);
        Assert.Contains("fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID|MOUNT_ATTR_NOATIME) = proc", plan, StringComparison.Ordinal);
        Assert.Contains("{attr_set=MOUNT_ATTR_NOEXEC|MOUNT_ATTR_RELATIME, attr_clr=MOUNT_ATTR__ATIME}", plan, StringComparison.Ordinal);
        Assert.Contains("# change the propagation of /data\nmount_setattr(source, \"\", AT_EMPTY_PATH|AT_RECURSIVE, {propagation=MS_UNBINDABLE}, 32)", plan, StringComparison.Ordinal);
    }

    /// <summary>A folder that every user can read, with layers, and a folder to write to.</summary>
    private sealed class SharedFolder : IDisposable
    {
        public SharedFolder()
        {
            File.SetUnixFileMode(Path, (UnixFileMode)0x1ed);
            foreach (string name in (string[])["top", "middle", "open"])
                Directory.CreateDirectory($"{Path}/{name}");
            File.SetUnixFileMode(Path + "/open", (UnixFileMode)0x3ff);
            File.WriteAllText(Path + "/top/both", "top");
            File.WriteAllText(Path + "/middle/both", "middle");
            File.WriteAllText(Path + "/middle/middle", "middle");
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("isolation-mounts-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
