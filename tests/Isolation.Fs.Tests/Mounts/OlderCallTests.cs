using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>Where the newer mount calls are refused, mount(2) gives the same mounts, or refuses as well.</summary>
public sealed class OlderCallTests
{
    private const string Newer = "fsopen,fsmount,fsconfig,open_tree,move_mount,mount_setattr";

    private static string[] Refusing(string errno, string calls = Newer) => ["strace", "-f", "-o", "/dev/null", "-e", "trace=" + calls, "-e", $"inject={calls}:error={errno}"];

    [LinuxTheory(Needs.Root | Needs.Strace | Needs.FullSpeed)]
    [InlineData("ENOSYS", Newer)]
    [InlineData("EPERM", Newer)]
    [InlineData("ENOSYS", "mount_setattr")]
    [InlineData("EPERM", "move_mount")]
    public void The_mounts_are_the_same(string errno, string calls)
    {
        string expected = PrivateMounts.Run(MakeAll).Output;
        Assert.Contains("ro,nosuid", expected, StringComparison.Ordinal);
        Assert.Equal(expected, PrivateMounts.Run(Refusing(errno, calls), MakeAll).Output);
    }

    private static void MakeAll()
    {
        string folder = PrivateMounts.Enter();
        string source = PrivateMounts.Make("source"), below = PrivateMounts.Make("source/below");
        FileSystemMount.Mount(new TmpfsOptions { Size = 4096, Mode = (UnixFileMode)0x1c0 }, below, MountAttributes.NoExec, AccessTimes.Never);
        FileSystemMount.Mount(new TmpfsOptions(), PrivateMounts.Make("ro"), MountAttributes.ReadOnly | MountAttributes.NoSymbolicLinks | MountAttributes.NoDirectoryAccessTimes, AccessTimes.Always);
        FileSystemMount.Mount(new ProcOptions { ProcessesOnly = true }, PrivateMounts.Make("proc"), MountAttributes.NoSuid);
        FileSystemMount.Mount(new OverlayOptions(source) { UpperDirectory = PrivateMounts.Make("upper"), WorkDirectory = PrivateMounts.Make("work") }, PrivateMounts.Make("overlay"));
        BindMount.Mount(source, PrivateMounts.Make("plain"));
        BindMount.Mount(source, PrivateMounts.Make("bound"), new MountChange { Set = MountAttributes.ReadOnly | MountAttributes.NoSuid, Propagation = MountPropagation.Unbindable });
        BindMount.Mount(source, PrivateMounts.Make("flat"), new MountChange { Set = MountAttributes.NoDev }, recursive: false);
        File.WriteAllText(folder + "/one", "");
        File.WriteAllText(folder + "/two", "");
        BindMount.Mount(folder + "/one", folder + "/two", new MountChange { Set = MountAttributes.ReadOnly });
        AttachedMount.Change(source + "/below", new MountChange { Set = MountAttributes.NoDev, Clear = MountAttributes.NoExec });
        AttachedMount.SetPropagation(below, MountPropagation.Shared);
        BindMount.Mount(below, PrivateMounts.Make("peer"), new MountChange { Set = MountAttributes.NoSuid });
        AttachedMount.Move(folder + "/plain", PrivateMounts.Make("moved"));
        AttachedMount.Change(folder + "/moved", new MountChange { AccessTimes = AccessTimes.Always, Set = MountAttributes.NoExec }, recursive: true);
        PrivateMounts.Print();
    }

    [LinuxFact(Needs.Root | Needs.Strace | Needs.FullSpeed)]
    public void What_mount_cannot_do_as_well_is_refused() => PrivateMounts.Run(Refusing("ENOSYS"), Weaker);

    private static void Weaker()
    {
        string folder = PrivateMounts.Enter();
        string top = PrivateMounts.Make("top");
        FileSystemMount.Mount(new TmpfsOptions(), top);
        Directory.CreateDirectory(top + "/a/b");
        FileSystemMount.Mount(new TmpfsOptions(), top + "/a/b");
        FileSystemMount.Mount(new TmpfsOptions(), top + "/a");

        // The mount at a/b lies below that at a, and no path leads to it.
        LinuxException hidden = Assert.Throws<LinuxException>(() => AttachedMount.Change(top, new MountChange { Set = MountAttributes.ReadOnly }, recursive: true));
        Assert.Equal((Errno.ENOSYS, top + "/a/b"), (hidden.Errno, hidden.Target));
        Assert.DoesNotContain(MountTable.Read(), m => m.MountPoint.StartsWith(top, StringComparison.Ordinal) && m.Attributes.HasFlag(MountAttributes.ReadOnly));
        string place = PrivateMounts.Make("place");
        Assert.Throws<LinuxException>(() => BindMount.Mount(top, place, new MountChange { Set = MountAttributes.ReadOnly }));
        Assert.False(PrivateMounts.IsMounted(place));
        Assert.True(PrivateMounts.IsMounted(top + "/a/b"));

        // No option can smuggle in another one.
        LinuxException comma = Assert.Throws<LinuxException>(() => FileSystemMount.Mount(new TmpfsOptions { Additional = [new("size", "4096,mode=777")] }, place));
        Assert.Equal((Errno.EINVAL, "mount"), (comma.Errno, comma.Call));
        Assert.Equal(Errno.ENOSYS, Assert.Throws<MountException>(() => FileSystemMount.Create(new TmpfsOptions())).Errno);
        using Microsoft.Win32.SafeHandles.SafeFileHandle ids = File.OpenHandle("/proc/self/ns/user");
        Assert.Equal(Errno.ENOSYS, Assert.Throws<LinuxException>(() => BindMount.Mount(folder, place, new MountChange { UserNamespace = ids })).Errno);
        Assert.False(PrivateMounts.IsMounted(place));
    }

    [LinuxFact(Needs.Root | Needs.Strace | Needs.FullSpeed)]
    public void A_peer_of_what_failed_to_be_bound_keeps_its_mounts_and_nothing_is_left() => PrivateMounts.Run(Refusing("ENOSYS"), KeepPeers);

    private static void KeepPeers()
    {
        string folder = PrivateMounts.Enter();
        string source = PrivateMounts.Make("source"), file = folder + "/file";
        FileSystemMount.Mount(new TmpfsOptions(), source);
        AttachedMount.SetPropagation(source, MountPropagation.Shared);
        Directory.CreateDirectory(source + "/below");
        FileSystemMount.Mount(new TmpfsOptions(), source + "/below");
        File.WriteAllText(file, "");
        Try();
        using (new ResidueCheck())
            Try();

        // The stage, on which all was bound and read-only already, was taken away with a private copy only.
        void Try()
        {
            Assert.Equal(Errno.ENOTDIR, Assert.Throws<LinuxException>(() => BindMount.Mount(source, file, new MountChange { Set = MountAttributes.ReadOnly })).Errno);
            Assert.True(PrivateMounts.IsMounted(source + "/below"));
            Assert.Empty(Directory.EnumerateDirectories(Path.GetTempPath(), "isolation-bind-*"));
        }
    }

    // fs/namespace.c gives those attributes that mount(2) knows at once, so that there is no moment without them.
    [LinuxFact(Needs.Root | Needs.Strace | Needs.FullSpeed)]
    public void No_call_attaches_a_bind_before_it_has_its_attributes()
    {
        string folder = Directory.CreateTempSubdirectory("isolation-order-").FullName;
        try
        {
            string trace = folder + "/trace";
            string[] line = ["strace", "-f", "-y", "-o", trace, "-e", $"trace=mount,{Newer}", "-e", $"inject={Newer}:error=ENOSYS"];
            PrivateMounts.Run(line, BindOnly);
            string[] calls = [.. File.ReadLines(trace).Where(l => l.Contains(" mount(", StringComparison.Ordinal))];
            int remount = Array.FindIndex(calls, l => l.Contains("MS_REMOUNT", StringComparison.Ordinal));
            int move = Array.FindIndex(calls, l => l.Contains("MS_MOVE", StringComparison.Ordinal));
            Assert.InRange(remount, 0, move - 1);
            Assert.DoesNotContain(calls, l => l.Contains("MS_BIND", StringComparison.Ordinal) && !l.Contains("MS_REMOUNT", StringComparison.Ordinal) && !l.Contains("isolation-bind-", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void BindOnly()
    {
        PrivateMounts.Enter();
        BindMount.Mount(PrivateMounts.Make("source"), PrivateMounts.Make("place"), new MountChange { Set = MountAttributes.ReadOnly });
    }
}
