using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Isolation.Syscalls.Tests;

namespace Isolation.Namespaces.Tests;

/// <summary>The kinds of namespaces, and the steps that furnish them.</summary>
public sealed class NamespaceStepsTests
{
    private const string Headers = """
        #include <fcntl.h>
        #include <sys/socket.h>
        #include <net/if.h>
        #include <linux/sockios.h>
        """;

    [LinuxFact(Needs.CCompiler)]
    public void The_names_that_a_listing_shows_are_what_the_kernel_gets()
    {
        var program = new SyscallProgramBuilder();
        program.MapIds(UserNamespaceMaps.Caller);
        program.SetTimeOffsets(TimeOffsets.Zero);
        program.BringLoopbackUp();
        program.SetHostName("name");
        Listing.AssertNamesAreTrue(Headers, program.Build());
    }

    // user_namespaces(7): without privilege outside, setgroups must be denied before gid_map is written.
    [LinuxFact]
    public void Setgroups_is_denied_before_the_groups_are_mapped()
    {
        var program = new SyscallProgramBuilder();
        program.MapIds(UserNamespaceMaps.Caller);
        string text = program.Build().ToString();
        Assert.InRange(text.IndexOf("setgroups", StringComparison.Ordinal), 0, text.IndexOf("gid_map", StringComparison.Ordinal));
    }

    [LinuxFact]
    public void Larger_maps_are_written_by_the_manager_at_a_gate()
    {
        var program = new SyscallProgramBuilder();
        program.MapIds(new UserNamespaceMaps(new IdRange(0, 100000, 65536)));
        Assert.Equal([NamespaceSteps.MapGate], program.Build().Gates);
    }

    [LinuxFact]
    public void Groups_change_before_the_user_does()
    {
        var program = new SyscallProgramBuilder();
        program.SetIdentity(1000, 1001, [5, 6]);
        Assert.Equal(["setgroups", "setresgid", "setresuid"], program.Build().Steps.Select(s => s.Call.Name));
    }

    [LinuxTheory]
    [InlineData(NamespaceKinds.User, "user")]
    [InlineData(NamespaceKinds.Mount, "mnt")]
    [InlineData(NamespaceKinds.Pid, "pid")]
    [InlineData(NamespaceKinds.Network, "net")]
    [InlineData(NamespaceKinds.Uts, "uts")]
    [InlineData(NamespaceKinds.Ipc, "ipc")]
    [InlineData(NamespaceKinds.Cgroup, "cgroup")]
    [InlineData(NamespaceKinds.Time, "time")]
    public void Each_kind_has_the_flag_of_its_namespace(NamespaceKinds kind, string file)
    {
        CloneFlags flags = kind.ToCloneFlags();
        Assert.Equal(1, System.Numerics.BitOperations.PopCount((ulong)flags));

        // ioctl_ns(2), NS_GET_NSTYPE: the kernel tells the flag of a namespace.
        using Microsoft.Win32.SafeHandles.SafeFileHandle ns = File.OpenHandle($"/proc/self/ns/{file}");
        Assert.Equal((long)flags, Sys.Call(SyscallNumber.Ioctl, ns.DangerousGetHandle(), 0xb703));
    }

    [LinuxFact]
    public void All_kinds_have_eight_flags()
        => Assert.Equal(8, System.Numerics.BitOperations.PopCount((ulong)NamespaceKinds.All.ToCloneFlags()));

    [LinuxFact]
    public void No_kind_has_no_flag() => Assert.Equal(default, NamespaceKinds.None.ToCloneFlags());

    [LinuxFact]
    public void The_ids_of_this_process_are_in_use()
    {
        Assert.True(IdsInUse.Cover("/proc/self/uid_map", UserNamespaceMaps.Caller.Users[0].Outside, 1));
        Assert.False(IdsInUse.Cover("/proc/self/uid_map", 4294967295, 4294967295));
    }
}
