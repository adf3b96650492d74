using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Fs.Tests;

/// <summary>New file systems, on a live kernel: their options do what they say.</summary>
public sealed class FileSystemTests
{
    [LinuxFact(Needs.Root)]
    public void A_tmpfs_has_its_size_mode_owner_and_bound_of_files() => PrivateMounts.Run(Tmpfs);

    private static void Tmpfs()
    {
        PrivateMounts.Enter();
        string place = PrivateMounts.Make("a");
        FileSystemMount.Mount(
            new TmpfsOptions { Size = 1 << 20, Files = 20, Mode = UnixFileMode.UserRead | UnixFileMode.StickyBit, User = 12, Group = 34, HugePages = HugePages.Never, Source = "named" },
            place,
            MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec | MountAttributes.NoSymbolicLinks | MountAttributes.NoDirectoryAccessTimes,
            AccessTimes.Never);
        Assert.Equal("1400 12 34", Command.Run("stat", "-c", "%a %u %g", place).EnsureSuccess().Output.Trim());
        Assert.Equal($"{(1 << 20) / Environment.SystemPageSize} 20", Command.Run("stat", "-f", "-c", "%b %c", place).EnsureSuccess().Output.Trim());
        MountTableEntry mount = PrivateMounts.At(place);
        Assert.Equal(("tmpfs", "named"), (mount.FileSystem, mount.Source));
        Assert.Equal(MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec | MountAttributes.NoSymbolicLinks | MountAttributes.NoDirectoryAccessTimes, mount.Attributes);
        Assert.Equal(AccessTimes.Never, mount.AccessTimes);
    }

    [LinuxFact(Needs.Root)]
    public void Proc_can_hide_processes_and_show_nothing_else() => PrivateMounts.Run(Proc);

    private static void Proc()
    {
        PrivateMounts.Enter();
        string place = PrivateMounts.Make("proc"), all = PrivateMounts.Make("all");
        FileSystemMount.Mount(new ProcOptions { Visibility = ProcessVisibility.Hidden, VisibleToGroup = 77, ProcessesOnly = true }, place);
        FileSystemMount.Mount(new ProcOptions(), all);
        Assert.True(Directory.Exists($"{place}/{Environment.ProcessId}"));
        Assert.False(File.Exists(place + "/meminfo"));
        Assert.True(File.Exists(all + "/meminfo"));
        string options = PrivateMounts.At(place).SuperOptions;
        Assert.Contains("hidepid=invisible", options, StringComparison.Ordinal);
        Assert.Contains("gid=77", options, StringComparison.Ordinal);
        Assert.Contains("subset=pid", options, StringComparison.Ordinal);
        Assert.DoesNotContain("hidepid", PrivateMounts.At(all).SuperOptions, StringComparison.Ordinal);
        Assert.Equal("", SeenByUser(place));
        Assert.Equal("seen", SeenByUser(all));

        static string SeenByUser(string proc)
            => Command.Run("setpriv", "--reuid=4242", "--regid=4242", "--clear-groups", "sh", "-c", $"[ -e {proc}/{Environment.ProcessId} ] && echo seen; true").EnsureSuccess().Output.Trim();
    }

    [LinuxFact(Needs.Root)]
    public void Devpts_is_a_new_instance_with_its_modes() => PrivateMounts.Run(Devpts);

    private static void Devpts()
    {
        PrivateMounts.Enter();
        string place = PrivateMounts.Make("pts");
        FileSystemMount.Mount(new DevptsOptions { Group = 5, User = 6, Mode = (UnixFileMode)0x190, PtmxMode = (UnixFileMode)0x1b6, Terminals = 3 }, place);
        Assert.Equal(["ptmx"], Directory.EnumerateFileSystemEntries(place).Select(Path.GetFileName));
        Assert.Equal("666", Command.Run("stat", "-c", "%a", place + "/ptmx").EnsureSuccess().Output.Trim());
        using (File.OpenHandle(place + "/ptmx", access: FileAccess.ReadWrite))
            Assert.Equal("620 6 5", Command.Run("stat", "-c", "%a %u %g", place + "/0").EnsureSuccess().Output.Trim());
        Assert.Contains("max=3", PrivateMounts.At(place).SuperOptions, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root)]
    public void Sysfs_mqueue_and_cgroup2_are_mounted() => PrivateMounts.Run(Others);

    private static void Others()
    {
        PrivateMounts.Enter();

        // From the initial cgroup namespace, cgroup2's switches would change those of the machine.
        Sys.Check("make", "a cgroup namespace", SyscallNumber.Unshare, 0x2000000);
        foreach (FileSystemOptions options in (FileSystemOptions[])[new SysfsOptions(), new MqueueOptions(), new Cgroup2Options { NamespacesDelegate = true }, new OtherFileSystemOptions("ramfs") { Additional = [new("mode", "700")] }])
        {
            string place = PrivateMounts.Make(options.Type);
            FileSystemMount.Mount(options, place);
            Assert.Equal(options.Type, PrivateMounts.At(place).FileSystem);
        }

        Assert.True(Directory.Exists(PrivateMounts.Folder + "/sysfs/kernel"));
        Assert.True(File.Exists(PrivateMounts.Folder + "/cgroup2/cgroup.procs"));
        Assert.Equal("700", Command.Run("stat", "-c", "%a", PrivateMounts.Folder + "/ramfs").EnsureSuccess().Output.Trim());
    }

    [LinuxFact(Needs.Root)]
    public void What_is_not_attached_is_filled_before_anybody_sees_it() => PrivateMounts.Run(Detached);

    private static void Detached()
    {
        PrivateMounts.Enter();
        string place = PrivateMounts.Make("a");
        int before = MountTable.Read().Length;
        using DetachedMount mount = FileSystemMount.Create(new TmpfsOptions());
        using (RootDirectory root = mount.OpenRoot())
            root.WriteFile("here", "filled"u8);
        mount.Change(new MountChange { Set = MountAttributes.ReadOnly });
        Assert.False(mount.IsAttached);
        Assert.Equal(before, MountTable.Read().Length);
        mount.Attach(place);
        Assert.True(mount.IsAttached);
        Assert.Equal("filled", File.ReadAllText(place + "/here"));
        Assert.Throws<IOException>(() => File.WriteAllText(place + "/here", ""));

        // It moves on, and changes where it is.
        string other = PrivateMounts.Make("b");
        mount.Attach(other);
        mount.Change(new MountChange { Clear = MountAttributes.ReadOnly });
        Assert.False(PrivateMounts.IsMounted(place));
        File.WriteAllText(other + "/here", "");
    }

    [LinuxFact(Needs.Root)]
    public void A_path_beneath_a_root_that_leads_outside_is_mounted_inside() => PrivateMounts.Run(Beneath);

    private static void Beneath()
    {
        PrivateMounts.Enter();
        string inside = PrivateMounts.Make("root/target");
        PrivateMounts.Make("target");
        File.CreateSymbolicLink(PrivateMounts.Folder + "/root/link", "/../../target");
        using RootDirectory root = RootDirectory.Open(PrivateMounts.Folder + "/root");
        FileSystemMount.Mount(new TmpfsOptions(), new MountPlace(root, "link"));
        Assert.True(PrivateMounts.IsMounted(inside));
        Assert.False(PrivateMounts.IsMounted(PrivateMounts.Folder + "/target"));

        // Removed by its own name only: what a link leads to is not.
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => AttachedMount.Unmount(new MountPlace(root, "link"))).Errno);
        AttachedMount.Unmount(new MountPlace(root, "target"));
        Assert.False(PrivateMounts.IsMounted(inside));
    }

    [LinuxFact(Needs.Root)]
    public void What_is_wrong_is_told_in_the_kernels_words() => PrivateMounts.Run(Wrong);

    private static void Wrong()
    {
        PrivateMounts.Enter();
        string place = PrivateMounts.Make("a");
        int before = MountTable.Read().Length;
        MountException option = Assert.Throws<MountException>(() => FileSystemMount.Mount(new TmpfsOptions { Additional = [new("nonsense", "1")] }, place));
        Assert.Equal((Errno.EINVAL, "fsconfig", place), (option.Errno, option.Call, option.Target));
        Assert.Contains(option.KernelMessages, m => m.Contains("nonsense", StringComparison.Ordinal));
        Assert.Contains("The kernel says: ", option.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense=1", option.Message, StringComparison.Ordinal);

        MountException type = Assert.Throws<MountException>(() => FileSystemMount.Create(new OtherFileSystemOptions("nosuchfs")));
        Assert.Equal((Errno.ENODEV, "fsopen"), (type.Errno, type.Call));
        Assert.Contains("nosuchfs", type.Message, StringComparison.Ordinal);

        MountException value = Assert.Throws<MountException>(() => FileSystemMount.Create(new OtherFileSystemOptions("tmpfs") { Additional = [new("size", new string('1', 256))] }));
        Assert.Contains("256", value.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.EINVAL, value.Errno);

        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => FileSystemMount.Mount(new TmpfsOptions(), place + "/none")).Errno);
        File.WriteAllText(place + "/file", "");
        LinuxException file = Assert.Throws<LinuxException>(() => FileSystemMount.Mount(new TmpfsOptions(), place + "/file"));
        Assert.Equal((Errno.ENOTDIR, place + "/file"), (file.Errno, file.Target));
        Assert.Equal(before, MountTable.Read().Length);
    }

    [LinuxFact]
    public void Options_that_cannot_be_meant_are_refused_first()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSystemMount.Create(new TmpfsOptions { Size = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSystemMount.Create(new TmpfsOptions { Mode = (UnixFileMode)0x1000 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSystemMount.Create(new TmpfsOptions { User = uint.MaxValue }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSystemMount.Create(new TmpfsOptions { HugePages = (HugePages)9 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSystemMount.Create(new ProcOptions { Visibility = (ProcessVisibility)3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSystemMount.Create(new TmpfsOptions(), (MountAttributes)0x100000));
        Assert.Throws<ArgumentOutOfRangeException>(() => FileSystemMount.Create(new TmpfsOptions(), accessTimes: (AccessTimes)1));
        Assert.Throws<ArgumentException>(() => FileSystemMount.Create(new OverlayOptions()));
        Assert.Throws<ArgumentException>(() => FileSystemMount.Create(new OverlayOptions("/usr")));
        Assert.Throws<ArgumentException>(() => FileSystemMount.Create(new OverlayOptions("/usr") { UpperDirectory = "/tmp" }));
        Assert.Throws<ArgumentException>(() => new FileSystemOption("a,b"));
        Assert.Throws<ArgumentException>(() => new FileSystemOption("a=b"));
        Assert.Throws<ArgumentException>(() => new FileSystemOption("a", "b\0c"));
        Assert.Throws<ArgumentException>(() => new OtherFileSystemOptions(""));
        Assert.Throws<InvalidOperationException>(() => FileSystemMount.Mount(new TmpfsOptions(), default(MountPlace)));
    }

    [LinuxFact(Needs.Root)]
    public void An_ordinary_user_is_told_what_it_takes()
    {
        CommandResult result = FreshProcess.RunAsUser(AsUser);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static void AsUser()
    {
        MountException e = Assert.Throws<MountException>(() => FileSystemMount.Create(new TmpfsOptions()));
        Assert.Equal(Errno.EPERM, e.Errno);
        Assert.Contains("CAP_SYS_ADMIN", e.Message, StringComparison.Ordinal);

        // The older way is refused as well, and the newer one's words are kept.
        Assert.Equal("fsopen", Assert.Throws<MountException>(() => FileSystemMount.Mount(new TmpfsOptions(), "/tmp")).Call);
        Assert.Equal("open_tree", Assert.Throws<LinuxException>(() => BindMount.Mount("/usr", "/tmp")).Call);
    }
}
