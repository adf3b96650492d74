using System.Collections.Immutable;
using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs.Tests;

/// <summary>Mounts one by one (statmount(2), listmount(2)), and that they are those of mountinfo. The kernel's own answers prove the structures: Debian's headers are older.</summary>
public sealed class MountStatusTests
{
    private static readonly bool s_isNewer = Environment.OSVersion.Version >= new Version(6, 15);

    [LinuxTheory(Needs.Root)]
    [InlineData("")]
    [InlineData("ENOSYS")]
    [InlineData("EPERM")]
    public void Every_mount_is_as_the_table_has_it(string refused) => PrivateMounts.Run(CompareAll, refused);

    private static void CompareAll(string refused)
    {
        string folder = PrivateMounts.Enter();
        MakeAll(folder);
        if (refused.Length > 0)
        {
            RefusedCalls.Refuse(Enum.Parse<Errno>(refused), StatmountConstants.Statmount, StatmountConstants.Listmount);
            LinuxException e = Assert.Throws<LinuxException>(() => MountStatus.Find(1UL << 40));
            Assert.Equal(Enum.Parse<Errno>(refused), e.Errno);
            Console.WriteLine(e.Message);
        }

        bool isAsked = s_isNewer && refused.Length == 0;

        ImmutableArray<MountTableEntry> table = MountTable.Read();
        var tree = new MountTree(table);
        MountStatus top = MountStatus.Find("/")!;
        ImmutableArray<MountStatus> below = MountStatus.ListBelow("/");
        Assert.Equal(tree.Find("/"), top.Mount);
        Assert.Equal(tree.GetDescendants(top.Mount), below.Select(s => s.Mount));
        Assert.Equal(table.OrderBy(m => m.Id), below.Select(s => s.Mount).Append(top.Mount).OrderBy(m => m.Id));
        Assert.All(below, s => Assert.Equal(isAsked, s.UniqueId is not null));

        int found = 0;
        foreach (MountTableEntry mount in table.Where(m => tree.Find(m.MountPoint) == m))
        {
            MountStatus status = MountStatus.Find(mount.MountPoint)!;
            Assert.Equal(mount, status.Mount);
            Assert.Equal(tree.GetDescendants(mount), MountStatus.ListBelow(mount.MountPoint).Select(s => s.Mount));
            if (!isAsked)
                continue;
            Assert.Equal(status, MountStatus.Find(status.UniqueId!.Value));
            Assert.Equal(top.MountNamespaceId, status.MountNamespaceId);
            Assert.Equal(tree.GetParent(mount) is null, below.Append(top).All(s => s.UniqueId != status.UniqueParentId));
            found++;
        }

        Assert.True(!isAsked || found > 100, $"{found} mounts");
    }

    /// <summary>All that a line of mountinfo can be made of.</summary>
    private static void MakeAll(string folder)
    {
        // Every set of attributes, with every way to keep times of access.
        MountAttributes[] attributes = [MountAttributes.ReadOnly, MountAttributes.NoSuid, MountAttributes.NoDev, MountAttributes.NoExec, MountAttributes.NoDirectoryAccessTimes, MountAttributes.NoSymbolicLinks];
        for (int set = 0; set < 1 << attributes.Length; set++)
        {
            MountAttributes chosen = attributes.Where((_, i) => (set & (1 << i)) != 0).Aggregate(MountAttributes.None, (a, b) => a | b);
            foreach (AccessTimes times in Enum.GetValues<AccessTimes>())
                FileSystemMount.Mount(new TmpfsOptions(), PrivateMounts.Make($"set{set}{times}"), chosen, times);
        }

        // Names that are escaped, that are no text, that are long, and that are not there any more.
        FileSystemMount.Mount(new TmpfsOptions { Source = "a b\tc\\d#e\u00e9" }, PrivateMounts.Make("a b\tc\\d#e\u00e9\n"));
        RootDirectory root = RootDirectory.Open(folder);
        root.CreateDirectory("\udcff");
        FileSystemMount.Mount(new TmpfsOptions(), new MountPlace(root, "\udcff"));
        string deep = PrivateMounts.Make(string.Join('/', Enumerable.Repeat(new string('n', 200), 19)));
        BindMount.Mount(deep, deep);
        string gone = PrivateMounts.Make("gone"), bound = PrivateMounts.Make("bound");
        BindMount.Mount(gone, bound);
        Directory.Delete(gone);
        Assert.True(PrivateMounts.At(bound).IsRootDeleted);

        // Peers and slaves, in two steps, mounts on top of others, and files.
        string shared = PrivateMounts.Make("shared"), slave = PrivateMounts.Make("slave"), both = PrivateMounts.Make("both");
        FileSystemMount.Mount(new TmpfsOptions(), shared);
        AttachedMount.SetPropagation(shared, MountPropagation.Shared);
        BindMount.Mount(shared, slave);
        AttachedMount.SetPropagation(slave, MountPropagation.Slave);
        BindMount.Mount(slave, both);
        AttachedMount.SetPropagation(both, MountPropagation.Shared);
        AttachedMount.SetPropagation(slave, MountPropagation.Unbindable);
        FileSystemMount.Mount(new TmpfsOptions { Source = "second" }, shared);
        File.WriteAllText(folder + "/file", "");
        BindMount.Mount(folder + "/file", folder + "/file", new MountChange { Set = MountAttributes.ReadOnly });

        // Options of file systems.
        FileSystemMount.Mount(new ProcOptions { ProcessesOnly = true }, PrivateMounts.Make("proc"));
        FileSystemMount.Mount(new OverlayOptions(shared) { UpperDirectory = PrivateMounts.Make("upper"), WorkDirectory = PrivateMounts.Make("work") }, PrivateMounts.Make("overlay"));
        foreach (string option in (string[])["sync", "dirsync", "lazytime", "ro", "sync,dirsync,lazytime,ro"])
            Command.Run("mount", "-i", "-t", "tmpfs", "-o", option, "none", PrivateMounts.Make(option)).EnsureSuccess();
    }

    [LinuxFact(Needs.Root)]
    public void A_unique_id_never_means_another_mount() => PrivateMounts.Run(ReuseId);

    private static void ReuseId()
    {
        PrivateMounts.Enter();
        string place = PrivateMounts.Make("place");
        var ids = new HashSet<int>();
        var unique = new HashSet<ulong?>();
        for (int i = 0; i < 50; i++)
        {
            FileSystemMount.Mount(new TmpfsOptions(), place);
            MountStatus status = MountStatus.Find(place)!;
            ids.Add(status.Mount.Id);
            Assert.Equal(s_isNewer, unique.Add(status.UniqueId) && status.UniqueId is not null);
            AttachedMount.Unmount(place);
            if (s_isNewer)
                Assert.Null(MountStatus.Find(status.UniqueId!.Value));
        }

        Assert.True(ids.Count < 50, "The kernel gave no id again.");
    }

    [LinuxTheory(Needs.Root)]
    [InlineData("")]
    [InlineData("ENOSYS")]
    public void What_is_not_in_the_table_is_not_found(string refused) => PrivateMounts.Run(FindOutside, refused);

    private static void FindOutside(string refused)
    {
        string folder = PrivateMounts.Enter(), inner = PrivateMounts.Make("root/inner");
        if (refused.Length > 0)
            RefusedCalls.Refuse(Enum.Parse<Errno>(refused), StatmountConstants.Statmount, StatmountConstants.Listmount);
        using (DetachedMount detached = FileSystemMount.Create(new TmpfsOptions()))
        {
            Assert.Null(MountStatus.Find(new MountPlace(detached.Handle)));
            Assert.Empty(MountStatus.ListBelow(new MountPlace(detached.Handle)));
            detached.Attach(inner);
            Assert.Equal(inner, MountStatus.Find(new MountPlace(detached.Handle))!.Mount.MountPoint);
        }

        FileSystemMount.Mount(new ProcOptions(), PrivateMounts.Make("root/proc"));

        // A root directory that is no mount point: its own mount is in no table either. No assembly can be loaded from in there.
        Assert.NotEmpty(MountTable.Read());
        using RootDirectory outside = RootDirectory.Open("/");
        ulong? id = MountStatus.Find("/")!.UniqueId;
        Sys.Check("change", "the root", SyscallNumber.Chroot, (nint)System.Runtime.InteropServices.Marshal.StringToHGlobalAnsi(folder + "/root"));
        Assert.Equal("/inner", MountStatus.Find("/inner")!.Mount.MountPoint);
        Assert.Equal(2, MountTable.Read().Length);
        Assert.Null(MountStatus.Find("/"));
        Assert.Null(MountStatus.Find(new MountPlace(outside, "etc")));
        if (s_isNewer && refused.Length == 0)
            Assert.Null(MountStatus.Find(id!.Value));
    }

    [LinuxFact(Needs.Root)]
    public void A_namespace_without_a_process_has_its_mounts_listed() => PrivateMounts.Run(ListNamespace);

    private static void ListNamespace()
    {
        ImmutableArray<MountTableEntry> table = [];
        SafeFileHandle? handle = null;
        var thread = new Thread(() =>
        {
            PrivateMounts.Enter();
            FileSystemMount.Mount(new TmpfsOptions { Source = "below" }, PrivateMounts.Make("below"));
            handle = File.OpenHandle("/proc/thread-self/ns/mnt");
            table = MountTable.Read();
        });
        thread.Start();
        thread.Join();
        using (handle)
        {
            Assert.Contains(table, m => m.Source == "below");
            if (!s_isNewer)
            {
                LinuxException e = Assert.Throws<LinuxException>(() => MountStatus.List(handle!));
                Assert.True(e.Errno is Errno.ENOSYS or Errno.ENOTTY && e.Hint is not null, e.Message);
                return;
            }

            ImmutableArray<MountStatus> listed = MountStatus.List(handle!);
            Assert.Equal(table, listed.Select(s => s.Mount));
            Assert.NotEqual(MountStatus.Find("/")!.MountNamespaceId, Assert.Single(listed.Select(s => s.MountNamespaceId).Distinct()));
            using SafeFileHandle own = File.OpenHandle("/proc/thread-self/ns/mnt");
            Assert.Equal(MountTable.Read(), MountStatus.List(own).Select(s => s.Mount));
        }
    }

    [LinuxFact]
    public void Bad_input_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => MountStatus.Find(default(MountPlace)));
        Assert.Throws<ArgumentNullException>(() => MountStatus.List(null!));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => MountStatus.Find("/not/there")).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => MountStatus.ListBelow("/not/there")).Errno);
        LinuxException none = Assert.Throws<LinuxException>(() => MountStatus.Find(0));
        Assert.Equal(s_isNewer ? (Errno.EINVAL, "No mount has such an id: these are of MountStatus.UniqueId") : (Errno.ENOSYS, "This needs Linux 6.15"), (none.Errno, none.Hint));
        using SafeFileHandle file = File.OpenHandle("/dev/null"), network = File.OpenHandle("/proc/self/ns/net");
        Assert.Equal(Errno.ENOTTY, Assert.Throws<LinuxException>(() => MountStatus.List(file)).Errno);
        LinuxException other = Assert.Throws<LinuxException>(() => MountStatus.List(network));
        Assert.Equal(s_isNewer ? (Errno.EINVAL, "It is a namespace of another kind") : (Errno.ENOTTY, "This needs Linux 6.15, and a namespace"), (other.Errno, other.Hint));
    }

    [LinuxFact]
    public void An_ordinary_user_finds_mounts()
    {
        CommandResult result = FreshProcess.RunAsUser(FindAsUser);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static void FindAsUser()
    {
        Assert.Equal(MountTree.Read().Find("/proc"), MountStatus.Find("/proc")!.Mount);
        Assert.Equal(MountTable.Read().Length, MountStatus.ListBelow("/").Length + 1);
    }
}
