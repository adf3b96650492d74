namespace Isolation.Fs.Tests;

/// <summary>Typed options in the kernel's words.</summary>
public sealed class FileSystemOptionsTests
{
    public static TheoryData<FileSystemOptions, string> Cases { get; } = new()
    {
        { new TmpfsOptions(), "" },
        { new TmpfsOptions { Size = 0, Files = 7, Mode = (UnixFileMode)0x3ff, User = 1, Group = 2, HugePages = HugePages.WithinSize }, "size=0,nr_inodes=7,mode=1777,uid=1,gid=2,huge=within_size" },
        { new TmpfsOptions { HugePages = HugePages.Advise, Additional = [new("noswap"), new("mpol", "local")] }, "huge=advise,noswap,mpol=local" },
        { new ProcOptions(), "" },
        { new ProcOptions { Visibility = ProcessVisibility.Traceable, VisibleToGroup = 3, ProcessesOnly = true }, "hidepid=4,gid=3,subset=pid" },
        { new SysfsOptions(), "" },
        { new MqueueOptions(), "" },
        { new DevptsOptions(), "newinstance" },
        { new DevptsOptions { User = 1, Group = 5, Mode = (UnixFileMode)0x190, PtmxMode = (UnixFileMode)0x1b6, Terminals = 9 }, "newinstance,uid=1,gid=5,mode=620,ptmxmode=666,max=9" },
        { new Cgroup2Options { NamespacesDelegate = true, LocalMemoryEvents = true, RecursiveMemoryProtection = true }, "nsdelegate,memory_localevents,memory_recursiveprot" },
        { new OverlayOptions("/usr", "/etc"), "lowerdir=/usr:/etc" },
        { new OverlayOptions("/usr") { UpperDirectory = "/etc", WorkDirectory = "/tmp", UserAttributes = true, Volatile = true }, "lowerdir=/usr,upperdir=/etc,workdir=/tmp,userxattr,volatile" },
        { new OtherFileSystemOptions("ext4") { Source = "/dev/vda", Additional = [new("errors", "remount-ro")] }, "errors=remount-ro" },
    };

    [LinuxTheory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void They_are_what_the_kernel_reads(FileSystemOptions options, string expected)
    {
        using FileSystemParameters parameters = options.Resolve();
        Assert.Equal(expected, string.Join(',', parameters.Options));
        Assert.Equal((options.Type, options.Source ?? options.Type), (parameters.Type, parameters.Source));
    }

    [LinuxFact]
    public void A_layer_that_is_missing_is_told_by_its_path()
    {
        Syscalls.LinuxException e = Assert.Throws<Syscalls.LinuxException>(() => FileSystemMount.Create(new OverlayOptions("/usr", "/no/such")));
        Assert.Equal((Syscalls.Errno.ENOENT, "/no/such"), (e.Errno, e.Target));
    }
}
