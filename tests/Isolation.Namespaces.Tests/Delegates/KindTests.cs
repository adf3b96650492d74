using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces.Tests.Delegates;

/// <summary>What each kind of namespace keeps apart, seen by delegates.</summary>
public sealed class KindTests : IClassFixture<WarmUp>
{
    [LinuxFact(Needs.Root)]
    public void A_host_name_is_the_namespaces_own()
    {
        using var nothingLeft = new ResidueCheck();
        string outside = Environment.MachineName;
        using UtsNamespace ns = Fresh.Uts();
        ns.Run(() => Fresh.SetHostName("inside"));
        Assert.Equal("inside", ns.Run(() => Environment.MachineName));
        Assert.Equal(outside, Environment.MachineName);
    }

    [LinuxFact(Needs.Root)]
    public void Shared_memory_is_found_inside_only()
    {
        using var nothingLeft = new ResidueCheck();
        using ThreadNamespace ns = Fresh.Make(NamespaceKinds.Ipc);

        // shmget(2): key, size, flags. The segment goes with the namespace.
        const int Key = 0x1501a710, Create = 0x200 | 0x180;
        SyscallNumber shmget = SyscallNumber.Custom("shmget", System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 ? 29 : 194);
        long id = ns.Run(() => Sys.Check("make", "shared memory", shmget, Key, 4096, Create));
        Assert.Equal(id, ns.Run(() => Sys.Call(shmget, Key)));
        Assert.Equal(-(long)Errno.ENOENT, Sys.Call(shmget, Key));
    }

    [LinuxFact(Needs.Root)]
    public void A_mount_is_seen_inside_only()
    {
        using var nothingLeft = new ResidueCheck();
        string folder = Directory.CreateTempSubdirectory("isolation-delegates-").FullName;
        try
        {
            using var ns = (MountNamespace)Fresh.Make(NamespaceKinds.Mount);
            string file = Path.Combine(folder, "file");
            ns.Run(() =>
            {
                MountMemory(folder);
                File.WriteAllText(file, "inside");
            });
            Assert.False(File.Exists(file));
            Assert.Equal("inside", ns.Run(() => File.ReadAllText(file)));
            Assert.DoesNotContain(folder, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [LinuxFact(Needs.Root)]
    public void A_working_directory_that_changes_in_a_mount_namespace_is_the_delegates_own()
    {
        using var nothingLeft = new ResidueCheck();
        string before = Environment.CurrentDirectory;
        using ThreadNamespace ns = Fresh.Make(NamespaceKinds.Mount);
        Assert.Equal("/proc", ns.Run(() => Environment.CurrentDirectory = "/proc"));
        Assert.Equal(before, Environment.CurrentDirectory);
        Assert.Equal("/", ns.Run(() => Environment.CurrentDirectory));
    }

    [LinuxFact(Needs.Root)]
    public async Task An_asynchronous_delegate_stays_in_a_mount_namespace()
    {
        using var nothingLeft = new ResidueCheck();
        using ThreadNamespace ns = Fresh.Make(NamespaceKinds.Mount);
        string here = await ns.RunAsync(async () =>
        {
            await Task.Delay(5);
            return Fresh.Here("mnt");
        });
        Assert.Equal(ns.ToString(), here);
        Assert.NotEqual(ns.ToString(), Fresh.Here("mnt"));
    }

    [LinuxFact(Needs.Root)]
    public void A_cgroup_namespace_is_entered()
    {
        using ThreadNamespace ns = Fresh.Make(NamespaceKinds.Cgroup);
        Assert.Equal(ns.ToString(), ns.Run(() => Fresh.Here("cgroup")));
    }

    private static unsafe void MountMemory(string folder)
    {
        fixed (byte* type = "tmpfs\0"u8, target = System.Text.Encoding.UTF8.GetBytes(folder + '\0'))
            Sys.Check("mount", folder, SyscallNumber.Mount, (nint)type, (nint)target, (nint)type);
    }
}
