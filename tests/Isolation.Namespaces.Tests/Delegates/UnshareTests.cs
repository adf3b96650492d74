using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces.Tests.Delegates;

/// <summary>New namespaces for the calling thread.</summary>
public sealed class UnshareTests : IClassFixture<WarmUp>
{
    [LinuxTheory(Needs.Root)]
    [InlineData(NamespaceKinds.Network, "net")]
    [InlineData(NamespaceKinds.Uts, "uts")]
    [InlineData(NamespaceKinds.Ipc, "ipc")]
    [InlineData(NamespaceKinds.Cgroup, "cgroup")]
    [InlineData(NamespaceKinds.Mount, "mnt")]
    public void Each_kind_that_is_per_thread_is_new_for_this_thread_only(NamespaceKinds kind, string file)
    {
        using var nothingLeft = new ResidueCheck();
        string before = Fresh.Here(file);
        string after = Fresh.OnNewThread(() =>
        {
            ThreadNamespace.Unshare(kind);
            return Fresh.Here(file);
        });
        Assert.NotEqual(before, after);
        Assert.Equal(before, Fresh.Here(file));
    }

    [LinuxFact(Needs.Root)]
    public void Several_kinds_come_in_one_call()
    {
        (string, string) before = (Fresh.Here("net"), Fresh.Here("uts"));
        (string Network, string Uts) = Fresh.OnNewThread(() =>
        {
            ThreadNamespace.Unshare(NamespaceKinds.Network | NamespaceKinds.Uts);
            return (Fresh.Here("net"), Fresh.Here("uts"));
        });
        Assert.NotEqual(before.Item1, Network);
        Assert.NotEqual(before.Item2, Uts);
    }

    [LinuxTheory]
    [InlineData(NamespaceKinds.None)]
    [InlineData(NamespaceKinds.User)]
    [InlineData(NamespaceKinds.Pid)]
    [InlineData(NamespaceKinds.Time)]
    [InlineData(NamespaceKinds.All)]
    [InlineData(NamespaceKinds.Network | NamespaceKinds.Pid)]
    [InlineData((NamespaceKinds)256)]
    public void What_cannot_work_in_a_process_of_several_threads_is_refused_before_anything_changes(NamespaceKinds kinds)
    {
        string[] files = ["user", "net", "uts", "pid_for_children", "time_for_children"];
        Fresh.OnNewThread(() =>
        {
            string[] before = [.. files.Select(Fresh.Here)];
            Assert.Throws<ArgumentException>(() => ThreadNamespace.Unshare(kinds));
            Assert.Equal(before, files.Select(Fresh.Here));
            return true;
        });
    }

    // The reasons for the refusals.
    [LinuxFact(Needs.Root)]
    public void The_kernel_gives_no_user_namespace_to_a_thread_of_several()
        => Assert.Equal(-(long)Errno.EINVAL, Fresh.OnNewThread(() => Sys.Call(SyscallNumber.Unshare, (nint)CloneFlags.NewUser)));

    [LinuxFact(Needs.Root)]
    public void With_a_pid_namespace_for_children_a_thread_can_start_no_more_threads()
        => FreshProcess.Run(StartThreadAfterUnshare).EnsureSuccess();

    private static void StartThreadAfterUnshare() => Fresh.OnNewThread(() =>
    {
        new Thread(() => { }).Start();
        Sys.Check("unshare", "pid", SyscallNumber.Unshare, (nint)CloneFlags.NewPid);
        Assert.Throws<OutOfMemoryException>(() => new Thread(() => { }).Start());
        return true;
    });

    [LinuxFact(Needs.Root)]
    public void A_thread_of_the_pool_is_refused()
        => Assert.Throws<InvalidOperationException>(() => Task.Run(() => ThreadNamespace.Unshare(NamespaceKinds.Uts)).GetAwaiter().GetResult());

    [LinuxFact(Needs.Root)]
    public void Without_privilege_the_error_says_what_it_takes() => FreshProcess.RunAsUser(UnshareAsUser).EnsureSuccess();

    private static void UnshareAsUser() => Fresh.OnNewThread(() =>
    {
        LinuxException e = Assert.Throws<LinuxException>(() => ThreadNamespace.Unshare(NamespaceKinds.Network));
        Assert.Equal((Errno.EPERM, "unshare"), (e.Errno, e.Call));
        Assert.Contains("CAP_SYS_ADMIN", e.Hint, StringComparison.Ordinal);
        return true;
    });
}
