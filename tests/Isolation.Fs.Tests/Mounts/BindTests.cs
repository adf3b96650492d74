using System.Diagnostics;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs.Tests;

/// <summary>Binds, attributes, propagation, moves and unmounts, on a live kernel.</summary>
public sealed class BindTests
{
    [LinuxFact(Needs.Root)]
    public void A_bind_is_read_only_with_all_below_and_its_source_is_not() => PrivateMounts.Run(ReadOnlyBind);

    private static void ReadOnlyBind()
    {
        PrivateMounts.Enter();
        string source = PrivateMounts.Make("source"), below = PrivateMounts.Make("source/below"), place = PrivateMounts.Make("place"), flat = PrivateMounts.Make("flat");
        FileSystemMount.Mount(new TmpfsOptions(), below);
        File.WriteAllText(below + "/file", "");
        BindMount.Mount(source, place, new MountChange { Set = MountAttributes.ReadOnly });
        Assert.Throws<IOException>(() => File.WriteAllText(place + "/new", ""));
        Assert.Throws<IOException>(() => File.WriteAllText(place + "/below/new", ""));
        Assert.True(File.Exists(place + "/below/file"));
        File.WriteAllText(source + "/new", "");
        File.WriteAllText(below + "/new", "");

        BindMount.Mount(source, flat, recursive: false);
        Assert.False(File.Exists(flat + "/below/file"));
        Assert.Single(MountTable.Read(), m => m.MountPoint.StartsWith(flat, StringComparison.Ordinal));
    }

    [LinuxFact(Needs.Root)]
    public void A_file_is_bound_on_a_file_only() => PrivateMounts.Run(BindFile);

    private static void BindFile()
    {
        string folder = PrivateMounts.Enter();
        File.WriteAllText(folder + "/one", "1");
        File.WriteAllText(folder + "/two", "2");
        BindMount.Mount(folder + "/one", folder + "/two", new MountChange { Set = MountAttributes.ReadOnly });
        Assert.Equal("1", File.ReadAllText(folder + "/two"));
        Assert.Throws<IOException>(() => File.WriteAllText(folder + "/two", ""));
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<LinuxException>(() => BindMount.Mount(folder + "/one", folder)).Errno);
        LinuxException missing = Assert.Throws<LinuxException>(() => BindMount.Mount(folder + "/none", folder));
        Assert.Equal(Errno.ENOENT, missing.Errno);
        Assert.Contains("/none", missing.Message, StringComparison.Ordinal);
    }

    [LinuxTheory(Needs.Root)]
    [InlineData(nameof(MountAttributes.ReadOnly), "touch new", "Read-only")]
    [InlineData(nameof(MountAttributes.NoExec), "./program", "denied")]
    [InlineData(nameof(MountAttributes.NoDev), "cat null", "denied")]
    [InlineData(nameof(MountAttributes.NoSymbolicLinks), "cat link", "symbolic links")]
    [InlineData(nameof(MountAttributes.NoSuid), "setpriv --reuid=4242 --regid=4242 --clear-groups ./who -u | grep -v '^0$' >&2; false", "4242")]
    public void An_attribute_refuses_what_it_says(string attribute, string line, string words) => PrivateMounts.Run(Refuse, attribute, line, words);

    private static void Refuse(string attribute, string line, string words)
    {
        string folder = PrivateMounts.Enter();
        Command.Run("sh", "-c", $"cd {folder} && printf '#!/bin/sh\\n' > program && chmod 755 program && mknod null c 1 3 && echo x > file && ln -s file link && cp $(command -v id) who && chmod 4755 who").EnsureSuccess();
        MountAttributes set = Enum.Parse<MountAttributes>(attribute);
        Assert.DoesNotContain(words, Try(), StringComparison.Ordinal);
        AttachedMount.Change(folder, new MountChange { Set = set });
        Assert.Contains(words, Try(), StringComparison.Ordinal);
        Assert.Equal(set, PrivateMounts.At(folder).Attributes);
        AttachedMount.Change(folder, new MountChange { Clear = set });
        Assert.DoesNotContain(words, Try(), StringComparison.Ordinal);

        string Try() => Command.Run("sh", "-c", $"cd {folder} && {line}").Error;
    }

    [LinuxFact(Needs.Root)]
    public void Access_times_change_alone() => PrivateMounts.Run(ChangeAccessTimes);

    private static void ChangeAccessTimes()
    {
        string folder = PrivateMounts.Enter();
        AttachedMount.Change(folder, new MountChange { Set = MountAttributes.NoDev });
        foreach (AccessTimes times in (AccessTimes[])[AccessTimes.Always, AccessTimes.Never, AccessTimes.Relative])
        {
            AttachedMount.Change(folder, new MountChange { AccessTimes = times });
            Assert.Equal((times, MountAttributes.NoDev), (PrivateMounts.At(folder).AccessTimes, PrivateMounts.At(folder).Attributes));
        }
    }

    [LinuxFact(Needs.Root)]
    public void Propagation_is_what_it_is_set_to() => PrivateMounts.Run(Propagate);

    private static void Propagate()
    {
        PrivateMounts.Enter();
        string one = PrivateMounts.Make("one"), two = PrivateMounts.Make("two"), slave = PrivateMounts.Make("slave");
        FileSystemMount.Mount(new TmpfsOptions(), one);
        Directory.CreateDirectory(one + "/point");
        AttachedMount.SetPropagation(one, MountPropagation.Shared);
        BindMount.Mount(one, two);
        BindMount.Mount(one, slave, new MountChange { Propagation = MountPropagation.Slave });
        FileSystemMount.Mount(new TmpfsOptions(), slave + "/point");
        Assert.False(PrivateMounts.IsMounted(one + "/point"));
        FileSystemMount.Mount(new TmpfsOptions(), two + "/point");
        Assert.True(PrivateMounts.IsMounted(one + "/point"));

        MountTree tree = MountTree.Read();
        int group = Assert.NotNull(tree.Find(one)!.PeerGroup);
        Assert.Equal([one, two], tree.GetPeerGroup(group).Select(m => m.MountPoint).Order(StringComparer.Ordinal));
        Assert.Equal([slave], tree.GetSlaves(group).Select(m => m.MountPoint));
        Assert.Equal(MountPropagation.Slave, PrivateMounts.At(slave).Propagation);

        AttachedMount.SetPropagation(two, MountPropagation.Unbindable);
        Assert.True(PrivateMounts.At(two).IsUnbindable);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => BindMount.Create(two)).Errno);
        AttachedMount.SetPropagation(two, MountPropagation.Private);
        BindMount.Create(two).Dispose();
    }

    [LinuxFact(Needs.Root)]
    public void A_mount_is_moved_and_removed() => PrivateMounts.Run(MoveAndRemove);

    private static void MoveAndRemove()
    {
        string folder = PrivateMounts.Enter();
        string one = PrivateMounts.Make("one"), two = PrivateMounts.Make("two");
        FileSystemMount.Mount(new TmpfsOptions(), one);
        Directory.CreateDirectory(one + "/below");
        FileSystemMount.Mount(new TmpfsOptions(), one + "/below");
        AttachedMount.Move(one, two);
        Assert.True(PrivateMounts.IsMounted(two + "/below"));
        Assert.False(PrivateMounts.IsMounted(one));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => AttachedMount.Move(one, two)).Errno);

        Assert.Equal(Errno.EBUSY, Assert.Throws<LinuxException>(() => AttachedMount.Unmount(two)).Errno);
        File.CreateSymbolicLink(folder + "/link", two + "/below");
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => AttachedMount.Unmount(folder + "/link", UnmountFlags.NoFollow)).Errno);
        Assert.Equal(Errno.EAGAIN, Assert.Throws<LinuxException>(() => AttachedMount.Unmount(folder + "/link", UnmountFlags.Expire)).Errno);
        AttachedMount.Unmount(folder + "/link", UnmountFlags.Expire);
        Assert.False(PrivateMounts.IsMounted(two + "/below"));
        using (File.OpenHandle(two + "/open", FileMode.Create, FileAccess.Write))
        {
            Assert.Equal(Errno.EBUSY, Assert.Throws<LinuxException>(() => AttachedMount.Unmount(two)).Errno);
            AttachedMount.Unmount(two, UnmountFlags.Detach);
        }

        Assert.False(PrivateMounts.IsMounted(two));
        LinuxException none = Assert.Throws<LinuxException>(() => AttachedMount.Unmount(two));
        Assert.Equal((Errno.EINVAL, two, "unmount"), (none.Errno, none.Target, none.Operation));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttachedMount.Unmount(folder, (UnmountFlags)16));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => AttachedMount.Change(one, new MountChange { Set = MountAttributes.NoDev })).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void A_bind_has_the_ids_of_a_user_namespace() => PrivateMounts.Run(MapIds);

    private static void MapIds()
    {
        string folder = PrivateMounts.Enter(), place = PrivateMounts.Make("place");
        File.WriteAllText(folder + "/file", "");
        using Process holder = Process.Start(new ProcessStartInfo("unshare", ["-U", "sh", "-c", "echo; exec sleep 100"]) { RedirectStandardOutput = true })!;
        try
        {
            holder.StandardOutput.ReadLine();
            File.WriteAllText($"/proc/{holder.Id}/uid_map", "0 100000 1000");
            File.WriteAllText($"/proc/{holder.Id}/gid_map", "0 200000 1000");
            using SafeFileHandle ids = File.OpenHandle($"/proc/{holder.Id}/ns/user");
            BindMount.Mount(folder, place, new MountChange { UserNamespace = ids }, recursive: false);
            Assert.Equal("100000 200000", Command.Run("stat", "-c", "%u %g", place + "/file").EnsureSuccess().Output.Trim());
            Assert.Equal("0 0", Command.Run("stat", "-c", "%u %g", folder + "/file").EnsureSuccess().Output.Trim());
            Assert.Contains("idmapped", PrivateMounts.At(place).Options, StringComparison.Ordinal);

            // Once it is attached, it is too late.
            Assert.Equal(Errno.EPERM, Assert.Throws<LinuxException>(() => AttachedMount.Change(place, new MountChange { UserNamespace = ids })).Errno);
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }
    }

    [LinuxFact]
    public void A_change_that_cannot_be_meant_is_refused_first()
    {
        Assert.Throws<ArgumentException>(() => AttachedMount.Change("/", new MountChange { Set = MountAttributes.NoDev, Clear = MountAttributes.NoDev | MountAttributes.NoExec }));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttachedMount.Change("/", new MountChange { Set = (MountAttributes)0x100000 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttachedMount.SetPropagation("/", (MountPropagation)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => BindMount.Mount("/", "/", new MountChange { AccessTimes = (AccessTimes)0x40 }));
        Assert.Throws<ArgumentException>(() => BindMount.Create(""));
        Assert.Throws<ArgumentException>(() => BindMount.Create("/a\0b"));
    }

    [LinuxFact(Needs.Root)]
    public void Nothing_is_left_of_what_was_never_attached_or_failed() => PrivateMounts.Run(LeaveNothing);

    private static void LeaveNothing()
    {
        string folder = PrivateMounts.Enter(), place = PrivateMounts.Make("place");
        File.WriteAllText(folder + "/file", "");
        Once();
        using (new ResidueCheck())
            Once();

        void Once()
        {
            FileSystemMount.Create(new TmpfsOptions()).Dispose();
            BindMount.Create(folder).Dispose();
            FileSystemMount.Mount(new TmpfsOptions(), place);
            AttachedMount.Unmount(place);
            Assert.Throws<LinuxException>(() => FileSystemMount.Mount(new TmpfsOptions(), folder + "/file"));
            Assert.Throws<LinuxException>(() => BindMount.Mount(folder + "/file", place, new MountChange { Set = MountAttributes.ReadOnly }));
            Assert.Throws<MountException>(() => FileSystemMount.Create(new OverlayOptions("/usr", "/usr") { Additional = [new("nonsense")] }));
        }
    }
}
