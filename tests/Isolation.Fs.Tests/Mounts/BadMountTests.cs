using System.Collections.Immutable;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>Mounts that cannot be: each is a typed error that names the path and the operation, and changes nothing.</summary>
[NativeOnly]
public sealed class BadMountTests
{
    private const string At = PrivateMounts.Folder;

    private static readonly string s_name = new('n', 256), s_path = At + string.Concat(Enumerable.Repeat("/d", 2046));

    /// <summary>What is done, the errno, and what the message has to say.</summary>
    private static readonly Dictionary<string, (Action Act, Errno Errno, string[] Says)> s_cases = new()
    {
        ["bind, missing source"] = (() => BindMount.Mount(At + "/none", At + "/dir"), Errno.ENOENT, ["bind", At + "/none"]),
        ["bind, missing source of its own"] = (() => BindMount.Create(At + "/none").Dispose(), Errno.ENOENT, ["bind", At + "/none"]),
        ["bind, missing target"] = (() => BindMount.Mount(At + "/dir", At + "/none"), Errno.ENOENT, ["bind", At + "/none"]),
        ["bind, directory on a file"] = (() => BindMount.Mount(At + "/dir", At + "/file"), Errno.ENOTDIR, ["bind", At + "/file", "A directory goes on a directory only"]),
        ["bind, file on a directory"] = (() => BindMount.Mount(At + "/file", At + "/dir"), Errno.ENOTDIR, ["bind", At + "/dir", "a file on a file"]),
        ["bind, source in a file"] = (() => BindMount.Mount(At + "/file/x", At + "/dir"), Errno.ENOTDIR, ["bind", At + "/file/x"]),
        ["bind, source is a loop"] = (() => BindMount.Mount(At + "/loop", At + "/dir"), Errno.ELOOP, ["bind", At + "/loop"]),
        ["bind, target is a loop"] = (() => BindMount.Mount(At + "/dir", At + "/loop"), Errno.ELOOP, ["bind", At + "/loop"]),
        ["bind, target is a link to nothing"] = (() => BindMount.Mount(At + "/dir", At + "/dangling"), Errno.ENOENT, ["bind", At + "/dangling"]),
        ["bind, long name of the source"] = (() => BindMount.Mount($"{At}/{s_name}", At + "/dir"), Errno.ENAMETOOLONG, ["bind", s_name]),
        ["bind, long name of the target"] = (() => BindMount.Mount(At + "/dir", $"{At}/{s_name}"), Errno.ENAMETOOLONG, ["bind", s_name]),
        ["bind, long path of the source"] = (() => BindMount.Mount(s_path, At + "/dir"), Errno.ENAMETOOLONG, ["bind", s_path]),
        ["bind, long path of the target"] = (() => BindMount.Mount(At + "/dir", s_path), Errno.ENAMETOOLONG, ["bind", s_path]),
        ["file system on a file"] = (() => FileSystemMount.Mount(new TmpfsOptions(), At + "/file"), Errno.ENOTDIR, ["mount tmpfs on", At + "/file"]),
        ["file system, missing place"] = (() => FileSystemMount.Mount(new TmpfsOptions(), At + "/none"), Errno.ENOENT, ["mount tmpfs on", At + "/none"]),
        ["file system, place is a loop"] = (() => FileSystemMount.Mount(new TmpfsOptions(), At + "/loop"), Errno.ELOOP, ["mount tmpfs on", At + "/loop"]),
        ["file system, long name"] = (() => FileSystemMount.Mount(new TmpfsOptions(), $"{At}/{s_name}"), Errno.ENAMETOOLONG, ["mount tmpfs on", s_name]),
        ["file system, long path"] = (() => FileSystemMount.Mount(new TmpfsOptions(), s_path), Errno.ENAMETOOLONG, ["mount tmpfs on", s_path]),
        ["file system of an unknown type"] = (() => FileSystemMount.Mount(new OtherFileSystemOptions("nosuchfs"), At + "/dir"), Errno.ENODEV, ["nosuchfs", At + "/dir"]),
        ["option that is unknown"] = (() => FileSystemMount.Mount(new TmpfsOptions { Additional = [new("nonsense")] }, At + "/dir"), Errno.EINVAL, [At + "/dir", "The kernel says: ", "nonsense"]),
        ["value that is none"] = (() => FileSystemMount.Mount(new TmpfsOptions { Additional = [new("mode", "99")] }, At + "/dir"), Errno.EINVAL, [At + "/dir", "The kernel says: ", "mode"]),
        ["beneath a root, outside"] = (() => Beneath("../dir"), Errno.ENOENT, ["mount tmpfs on", "../dir in " + At]),
        ["beneath a root, loop"] = (() => Beneath("loop"), Errno.ELOOP, ["mount tmpfs on", "loop in " + At]),
        ["beneath a root, magic link"] = (() => Beneath("magic/root/mnt"), Errno.ELOOP, ["mount tmpfs on", "magic/root/mnt in " + At]),
        ["beneath a root, long name"] = (() => Beneath(s_name), Errno.ENAMETOOLONG, ["mount tmpfs on", s_name]),
        ["beneath a root, long path"] = (() => Beneath(string.Concat(Enumerable.Repeat("d/", 2500))), Errno.ENAMETOOLONG, ["mount tmpfs on", "d/d/d"]),
        ["move of what is no mount"] = (() => AttachedMount.Move(At + "/dir", At + "/other"), Errno.EINVAL, ["move", At]),
        ["move below itself"] = (() => AttachedMount.Move(At + "/mounted", At + "/mounted/below"), Errno.ELOOP, ["move", At + "/mounted"]),
        ["change of what is no mount"] = (() => AttachedMount.Change(At + "/dir", new MountChange { Set = MountAttributes.ReadOnly }), Errno.EINVAL, [At + "/dir"]),
        ["change, missing"] = (() => AttachedMount.Change(At + "/none", new MountChange { Set = MountAttributes.ReadOnly }), Errno.ENOENT, [At + "/none"]),
        ["propagation of what is no mount"] = (() => AttachedMount.SetPropagation(At + "/dir", MountPropagation.Shared), Errno.EINVAL, [At + "/dir"]),
        ["unmount of what is no mount"] = (() => AttachedMount.Unmount(At + "/dir"), Errno.EINVAL, ["unmount", At + "/dir"]),
        ["unmount, missing"] = (() => AttachedMount.Unmount(At + "/none"), Errno.ENOENT, ["unmount", At + "/none"]),
        ["unmount, long path"] = (() => AttachedMount.Unmount(s_path), Errno.ENAMETOOLONG, ["unmount", s_path]),
        ["unmount of what is used"] = (() => UnmountUsed(), Errno.EBUSY, ["unmount", At + "/mounted"]),
        ["overlay, missing layer"] = (() => Overlay([At + "/dir", At + "/none"]), Errno.ENOENT, ["open the directory", At + "/none"]),
        ["overlay, layer is a file"] = (() => Overlay([At + "/dir", At + "/file"]), Errno.ENOTDIR, ["open the directory", At + "/file"]),
        ["overlay, layer is a loop"] = (() => Overlay([At + "/dir", At + "/loop"]), Errno.ELOOP, ["open the directory", At + "/loop"]),
        ["overlay, long name of a layer"] = (() => Overlay([At + "/dir", $"{At}/{s_name}"]), Errno.ENAMETOOLONG, ["open the directory", s_name]),
        ["overlay, long path of the upper"] = (() => FileSystemMount.Mount(new OverlayOptions(At + "/dir") { UpperDirectory = s_path, WorkDirectory = At + "/other" }, At + "/place"), Errno.ENAMETOOLONG, ["open the directory", s_path]),
        ["overlay, upper and work on two file systems"] = (() => FileSystemMount.Mount(new OverlayOptions(At + "/dir") { UpperDirectory = At + "/mounted", WorkDirectory = At + "/other" }, At + "/place"), Errno.EINVAL, ["mount overlay on", At + "/place", "lie in one file system"]),
        ["overlay, more layers than the kernel takes"] = (() => Overlay([.. Enumerable.Range(0, 501).Select(i => $"{At}/layers/{i}")]), Errno.EINVAL, ["mount overlay on", At + "/place", "The kernel says: ", "500"]),
        ["overlay of an overlay of an overlay"] = (() => Overlay([At + "/second", At + "/dir"]), Errno.EINVAL, ["mount overlay on", At + "/place", "not in one whose layers are in another"]),
        ["overlay with changes on an overlay"] = (() => FileSystemMount.Mount(new OverlayOptions(At + "/dir") { UpperDirectory = At + "/first/u", WorkDirectory = At + "/first/w" }, At + "/place"), Errno.EINVAL, ["mount overlay on", At + "/place", "The kernel says: ", "upperdir"]),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [LinuxTheory(Needs.Root)]
    [MemberData(nameof(Cases))]
    public void A_mount_that_cannot_be_is_named_and_changes_nothing(string what) => PrivateMounts.Run(Provoke, what);

    private static void Provoke(string what)
    {
        Prepare();
        (Action act, Errno errno, string[] says) = s_cases[what];
        string before = Everything();
        using (new ResidueCheck())
        {
            LinuxException e = Assert.ThrowsAny<LinuxException>(act);
            Assert.True(e.Errno == errno, e.Message);
            Assert.All(says, s => Assert.Contains(s, e.Message, StringComparison.Ordinal));
        }

        Assert.Equal(before, Everything());
    }

    // Without privilege what is wrong with a place is told all the same, and the rest is EPERM that says what it takes.
    [LinuxFact(Needs.Root)]
    public void An_ordinary_user_is_told_the_same_of_places()
    {
        CommandResult result = FreshProcess.RunAsUser(AsUser);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static void AsUser()
    {
        string folder = Directory.CreateTempSubdirectory("isolation-places-").FullName;
        try
        {
            File.CreateSymbolicLink(folder + "/loop", "loop");
            foreach ((string place, Errno errno) in ((string, Errno)[])[("none", Errno.ENOENT), ("loop", Errno.ELOOP), (s_name, Errno.ENAMETOOLONG), ("", Errno.EPERM)])
            {
                foreach (Action act in (Action[])[() => BindMount.Mount(folder, $"{folder}/{place}"), () => BindMount.Mount($"{folder}/{place}", folder), () => AttachedMount.Change($"{folder}/{place}", new MountChange { Set = MountAttributes.NoExec })])
                {
                    LinuxException e = Assert.ThrowsAny<LinuxException>(act);
                    Assert.True(e.Errno == errno && e.Message.Contains($"{folder}/{place}".TrimEnd('/'), StringComparison.Ordinal), e.Message);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Prepare()
    {
        PrivateMounts.Enter();
        foreach (string name in (string[])["dir", "other", "place", "mounted", "root", "first", "second", "upper", "work"])
            PrivateMounts.Make(name);
        for (int i = 0; i < 501; i++)
            PrivateMounts.Make($"layers/{i}");
        File.WriteAllText(At + "/file", "");
        File.CreateSymbolicLink(At + "/loop", "loop");
        File.CreateSymbolicLink(At + "/dangling", "none");
        File.CreateSymbolicLink(At + "/root/loop", "loop");
        FileSystemMount.Mount(new TmpfsOptions(), At + "/mounted");
        PrivateMounts.Make("mounted/below");
        FileSystemMount.Mount(new ProcOptions(), PrivateMounts.Make("root/proc"));
        File.CreateSymbolicLink(At + "/root/magic", "proc/self");
        FileSystemMount.Mount(new OverlayOptions(At + "/dir") { UpperDirectory = At + "/upper", WorkDirectory = At + "/work" }, At + "/first");
        PrivateMounts.Make("first/u");
        PrivateMounts.Make("first/w");
        FileSystemMount.Mount(new OverlayOptions(At + "/first", At + "/dir"), At + "/second");
    }

    /// <summary>Mounts and files, without what the kernel's own work directories have in them.</summary>
    private static string Everything()
        => File.ReadAllText("/proc/thread-self/mountinfo") + Command.Run("find", At, "-path", At + "/root/proc", "-prune", "-o", "-printf", "%P %y %m %U %G %s %l\n").EnsureSuccess().Output;

    private static void Beneath(string path)
    {
        using RootDirectory root = RootDirectory.Open(At + "/root");
        FileSystemMount.Mount(new TmpfsOptions(), new MountPlace(root, path));
    }

    private static void Overlay(ImmutableArray<string> layers) => FileSystemMount.Mount(new OverlayOptions(layers), At + "/place");

    private static void UnmountUsed()
    {
        using FileStream used = File.Create(At + "/mounted/below/used", 1, FileOptions.DeleteOnClose);
        AttachedMount.Unmount(At + "/mounted");
    }
}
