using System.Reflection;
using System.Runtime.InteropServices;
using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Tests;

namespace Isolation.Fs.Tests;

/// <summary>The constants and structures of mounts and paths against the C headers.</summary>
[NativeOnly]
public sealed unsafe class HeaderTests
{
    private const string Kernel = """
        #include <linux/fcntl.h>
        #include <linux/mount.h>
        #include <linux/openat2.h>
        #include <linux/stat.h>
        #include <stddef.h>
        """;

    // The C library's header and the kernel's do not go together.
    private const string Library = "#include <sys/mount.h>";

    [LinuxTheory(Needs.CCompiler)]
    [InlineData(Kernel, "AtFdCwd=AT_FDCWD AtEmptyPath=AT_EMPTY_PATH AtRecursive=AT_RECURSIVE AtSymlinkNoFollow=AT_SYMLINK_NOFOLLOW")]
    [InlineData(Kernel, "CloseOnExec=O_CLOEXEC OpenPath=O_PATH OpenTreeClone=OPEN_TREE_CLONE CloseOnExec=OPEN_TREE_CLOEXEC")]
    [InlineData(Kernel, "MoveFromEmptyPath=MOVE_MOUNT_F_EMPTY_PATH MoveToEmptyPath=MOVE_MOUNT_T_EMPTY_PATH")]
    [InlineData(Kernel, "SetFlag=FSCONFIG_SET_FLAG SetString=FSCONFIG_SET_STRING Create=FSCONFIG_CMD_CREATE PropagationPrivate=MS_PRIVATE PropagationSlave=MS_SLAVE PropagationShared=MS_SHARED PropagationUnbindable=MS_UNBINDABLE")]
    [InlineData(Kernel, "ResolveNoXDev=RESOLVE_NO_XDEV ResolveNoMagicLinks=RESOLVE_NO_MAGICLINKS ResolveNoSymlinks=RESOLVE_NO_SYMLINKS ResolveBeneath=RESOLVE_BENEATH ResolveInRoot=RESOLVE_IN_ROOT")]
    public void The_constants_are_those_of_the_headers(string headers, string constants)
    {
        (string Name, long Value)[] ours =
        [
            .. constants.Split(' ').Select(c => c.Split('=')).Select(c => (c[1], Convert.ToInt64(Field(c[0]).GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture))),
        ];
        CProgram.AssertSame(ours, CProgram.Values(headers, ours.Select(o => o.Name)));
    }

    [LinuxFact]
    public void No_constant_is_unchecked()
    {
        IEnumerable<string> checkedOnes = typeof(HeaderTests).GetMethod(nameof(The_constants_are_those_of_the_headers))!.GetCustomAttributesData()
            .Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .SelectMany(a => ((IEnumerable<CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!).Skip(1))
            .SelectMany(a => ((string)a.Value!).Split(' '))
            .Select(c => c.Split('=')[0]);
        Assert.Empty(typeof(MountConstants).GetFields(BindingFlags.Static | BindingFlags.Public).Select(f => f.Name).Except(checkedOnes));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Flags_that_differ_between_architectures_are_those_of_this_one()
        => AssertKernel(("O_DIRECTORY", MountConstants.OpenDirectory), ("O_NOFOLLOW", MountConstants.NoFollow));

    [LinuxFact(Needs.CCompiler)]
    public void The_attributes_of_mounts_are_those_of_the_headers()
        => AssertKernel(
            ("MOUNT_ATTR_RDONLY", (long)MountAttributes.ReadOnly),
            ("MOUNT_ATTR_NOSUID", (long)MountAttributes.NoSuid),
            ("MOUNT_ATTR_NODEV", (long)MountAttributes.NoDev),
            ("MOUNT_ATTR_NOEXEC", (long)MountAttributes.NoExec),
            ("MOUNT_ATTR_NODIRATIME", (long)MountAttributes.NoDirectoryAccessTimes),
            ("MOUNT_ATTR_NOSYMFOLLOW", (long)MountAttributes.NoSymbolicLinks));

    [LinuxFact(Needs.CCompiler)]
    public void Mount_attr_is_laid_out_as_in_the_headers()
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<MountAttr, ulong>([new MountAttr(Set: (MountAttributes)1, Clear: (MountAttributes)2, Propagation: 3, UserNamespace: 4)]);
        AssertKernel(
            ("sizeof(struct mount_attr)", sizeof(MountAttr)),
            ("offsetof(struct mount_attr, attr_set)", words.IndexOf(1UL) * sizeof(ulong)),
            ("offsetof(struct mount_attr, attr_clr)", words.IndexOf(2UL) * sizeof(ulong)),
            ("offsetof(struct mount_attr, propagation)", words.IndexOf(3UL) * sizeof(ulong)),
            ("offsetof(struct mount_attr, userns_fd)", words.IndexOf(4UL) * sizeof(ulong)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Open_how_is_laid_out_as_in_the_headers()
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<OpenHow, ulong>([new OpenHow(Flags: 1, Mode: 2, Resolve: 3)]);
        AssertKernel(
            ("sizeof(struct open_how)", sizeof(OpenHow)),
            ("offsetof(struct open_how, flags)", words.IndexOf(1UL) * sizeof(ulong)),
            ("offsetof(struct open_how, mode)", words.IndexOf(2UL) * sizeof(ulong)),
            ("offsetof(struct open_how, resolve)", words.IndexOf(3UL) * sizeof(ulong)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void The_names_that_a_listing_shows_are_what_the_kernel_gets()
    {
        var program = new SyscallProgramBuilder();
        program.CutOffMounts(MountPropagation.Private);
        program.CutOffMounts(MountPropagation.Slave);
        foreach (RootFs root in (RootFs[])[new("/usr", RootFsMode.Overlay, true), new("/usr", RootFsMode.ReadOnly, false), new("/usr", RootFsMode.Overlay, true) { Below = [new("/etc")], Changes = new("/tmp") }, new("/", RootFsMode.Overlay, false) { HostEntries = HostEntry.Read() }])
        {
            RootFs opened = program.OpenSources(root);
            program.PivotInto(program.MakeRoot(opened), opened);
        }

        program.ChangeRoot("/");
        var mounts = new MountsInRoot(program) { CreateMountPoints = true, HasTtyGroup = true };
        const MountAttributes Every = MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec | MountAttributes.NoDirectoryAccessTimes | MountAttributes.NoSymbolicLinks;
        BindMountSpec[] binds =
        [
            new("/etc/passwd", "/etc/passwd") { Change = new MountChange { Set = Every, AccessTimes = AccessTimes.Always, Propagation = MountPropagation.Slave } },
            new("/etc", "/etc") { Change = new MountChange { Clear = Every, AccessTimes = AccessTimes.Relative, Propagation = MountPropagation.Private }, Recursive = false },
        ];
        var overlay = new FileSystemMountSpec(new OverlayOptions("/etc") { UpperDirectory = "/usr/bin", WorkDirectory = "/usr/lib" }, "/mnt", Every, AccessTimes.Never);
        mounts.CutOff(MountPropagation.Unbindable, binds);
        mounts.OpenSource(binds[1]);
        mounts.OpenLayers(overlay);
        mounts.NewProc();
        mounts.NewSys();
        mounts.HostTree("/sys", MountAttributes.ReadOnly);
        mounts.Dev();
        mounts.Bind(binds[0]);
        mounts.New(overlay);
        mounts.New(new FileSystemMountSpec(new TmpfsOptions { Size = 4096, Mode = UnixFileMode.UserRead, Source = "memory", Additional = [new FileSystemOption("noswap")] }, "/tmp", MountAttributes.None, AccessTimes.Always));
        mounts.Mask(new MaskedPathSpec("/proc/kcore"));
        mounts.MakeReadOnly(new ReadOnlyPathSpec("/proc/sys"));
        mounts.AttachAll();
        mounts.FinishPropagation(MountPropagation.Shared);
        mounts.FinishPropagation(MountPropagation.Unbindable);
        program.UnmountHere(new StepNote("unmount"), UnmountOptions.Force | UnmountOptions.Detach | UnmountOptions.Expire | UnmountOptions.NoFollow);
        string flags = string.Join('\n', CProgram.Values(Library, ["MNT_FORCE", "MNT_DETACH", "MNT_EXPIRE", "UMOUNT_NOFOLLOW"]).Select(f => $"#define {f.Key} {f.Value}"));
        Listing.AssertNamesAreTrue($"{Kernel}\n{flags}", program.Build());
    }

    private static FieldInfo Field(string name) => typeof(MountConstants).GetField(name, BindingFlags.Static | BindingFlags.Public) ?? throw new MissingFieldException(nameof(MountConstants), name);

    private static void AssertKernel(params (string Name, long Value)[] ours) => CProgram.AssertSame(ours, CProgram.Values(Kernel, ours.Select(o => o.Name)));
}
