using System.Diagnostics;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs.Tests;

/// <summary>Binds, on a live kernel: what they show, to whom, and what they leave.</summary>
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

    [LinuxTheory(Needs.Root)]
    [InlineData("newer")]
    [InlineData("older")]
    public void A_bind_on_a_shared_mount_has_the_propagation_that_it_was_given(string calls) => PrivateMounts.Run(BindOnShared, calls);

    private static void BindOnShared(string calls)
    {
        string folder = PrivateMounts.Enter();
        string source = PrivateMounts.Make("source");
        FileSystemMount.Mount(new TmpfsOptions(), PrivateMounts.Make("source/below"));
        AttachedMount.SetPropagation(folder, MountPropagation.Shared, recursive: true);
        if (calls == "older")
            RefusedCalls.Refuse(Errno.ENOSYS, SyscallNumber.OpenTree, SyscallNumber.MoveMount, SyscallNumber.MountSetattr);
        foreach (MountPropagation propagation in Enum.GetValues<MountPropagation>())
        {
            string place = PrivateMounts.Make(propagation.ToString());
            BindMount.Mount(source, place, new MountChange { Set = MountAttributes.ReadOnly, Propagation = propagation });
            foreach (MountTableEntry mount in (MountTableEntry[])[PrivateMounts.At(place), PrivateMounts.At(place + "/below")])
            {
                Assert.Equal(propagation, mount.Propagation);
                Assert.StartsWith("ro", mount.Options, StringComparison.Ordinal);
            }
        }
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
            var change = new MountChange { UserNamespace = ids };
            if (Environment.OSVersion.Version < new Version(6, 3))
            {
                // A tmpfs could not map ids yet.
                Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => BindMount.Mount(folder, place, change, recursive: false)).Errno);
                return;
            }

            BindMount.Mount(folder, place, change, recursive: false);
            Assert.Equal("100000 200000", Command.Run("stat", "-c", "%u %g", place + "/file").EnsureSuccess().Output.Trim());
            Assert.Equal("0 0", Command.Run("stat", "-c", "%u %g", folder + "/file").EnsureSuccess().Output.Trim());
            Assert.Contains("idmapped", PrivateMounts.At(place).Options, StringComparison.Ordinal);

            // Once it is attached, it is too late.
            Assert.Contains(Assert.Throws<LinuxException>(() => AttachedMount.Change(place, change)).Errno, new[] { Errno.EPERM, Errno.EINVAL });
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }
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
