using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>Attributes, propagation, moves and unmounts of what is mounted, on a live kernel.</summary>
public sealed class AttachedMountTests
{
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
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => AttachedMount.Unmount(folder + "/link", UnmountOptions.NoFollow)).Errno);
        Assert.Equal(Errno.EAGAIN, Assert.Throws<LinuxException>(() => AttachedMount.Unmount(folder + "/link", UnmountOptions.Expire)).Errno);
        AttachedMount.Unmount(folder + "/link", UnmountOptions.Expire);
        Assert.False(PrivateMounts.IsMounted(two + "/below"));
        using (File.OpenHandle(two + "/open", FileMode.Create, FileAccess.Write))
        {
            Assert.Equal(Errno.EBUSY, Assert.Throws<LinuxException>(() => AttachedMount.Unmount(two)).Errno);
            AttachedMount.Unmount(two, UnmountOptions.Detach);
        }

        Assert.False(PrivateMounts.IsMounted(two));
        LinuxException none = Assert.Throws<LinuxException>(() => AttachedMount.Unmount(two));
        Assert.Equal((Errno.EINVAL, two, "unmount"), (none.Errno, none.Target, none.Operation));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttachedMount.Unmount(folder, (UnmountOptions)16));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => AttachedMount.Change(one, new MountChange { Set = MountAttributes.NoDev })).Errno);
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
}
