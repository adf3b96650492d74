using System.Globalization;
using Isolation.Syscalls;

namespace Isolation.Namespaces.Tests;

/// <summary>New namespaces that only a handle holds.</summary>
public sealed class NewNamespaceTests
{
    [LinuxFact(Needs.Root)]
    public void Each_kind_that_a_thread_can_enter_is_made_beside_the_caller()
    {
        using var nothingLeft = new ResidueCheck();
        AssertNew(NetworkNamespace.Create, NetworkNamespace.OfThisThread);
        AssertNew(UtsNamespace.Create, UtsNamespace.OfThisThread);
        AssertNew(IpcNamespace.Create, IpcNamespace.OfThisThread);
        AssertNew(MountNamespace.Create, MountNamespace.OfThisThread);
        AssertNew(CgroupNamespace.Create, CgroupNamespace.OfThisThread);
    }

    [LinuxFact(Needs.Root)]
    public void Root_makes_one_that_belongs_to_a_new_user_namespace()
    {
        using var nothingLeft = new ResidueCheck();
        AssertOwned(UserNamespaceMaps.Default);
        AssertOwned(UserNamespaceMaps.Caller);
    }

    [LinuxFact(Needs.Root | Needs.UserNamespaces)]
    public void An_ordinary_user_makes_one_with_a_user_namespace_and_none_without()
        => FreshProcess.RunAsUser(MakeAsUser).EnsureSuccess();

    private static void MakeAsUser()
    {
        AssertOwned(UserNamespaceMaps.Caller);
        LinuxException e = Assert.Throws<LinuxException>(NetworkNamespace.Create);
        Assert.Equal((Errno.EPERM, "unshare"), (e.Errno, e.Call));
        Assert.Contains("UserNamespaceMaps.Caller", e.Hint, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root)]
    public void Maps_that_the_kernel_refuses_leave_nothing()
    {
        using var nothingLeft = new ResidueCheck();
        FreshProcess.RunAsUser(FailAsUser).EnsureSuccess();
    }

    private static void FailAsUser()
    {
        WarmUp.StartEngine();
        using var nothingLeft = new ResidueCheck();
        LinuxException e = Assert.Throws<LinuxException>(() => NetworkNamespace.Create(new UserNamespaceMaps(new IdRange(0, 300_000, 10))));
        Assert.Contains("newuidmap", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root | Needs.TimeOffsets)]
    public void A_time_namespace_has_the_clocks_that_it_was_made_with()
    {
        using var nothingLeft = new ResidueCheck();
        using TimeNamespace own = TimeNamespace.OfThisThread(), made = TimeNamespace.Create(new TimeOffsets(TimeSpan.FromHours(1), TimeSpan.FromDays(1000)));
        Assert.NotEqual(own, made);
        Assert.Equal(TimeOffsets.Zero, TimeOffsets.OfProcess(Environment.ProcessId));
        string uptime = Command.Run("nsenter", $"--time=/proc/{Environment.ProcessId}/fd/{made.Handle.DangerousGetHandle()}", "cat", "/proc/uptime").EnsureSuccess().Output;
        Assert.InRange(double.Parse(uptime.Split(' ')[0], CultureInfo.InvariantCulture), TimeSpan.FromDays(1000).TotalSeconds, TimeSpan.FromDays(2000).TotalSeconds);
    }

    [LinuxFact(Needs.Root)]
    public void A_clock_that_would_be_negative_is_refused()
    {
        using var nothingLeft = new ResidueCheck();
        LinuxException e = Assert.Throws<LinuxException>(() => TimeNamespace.Create(new TimeOffsets(TimeSpan.FromDays(-20_000), TimeSpan.Zero)));
        Assert.Equal(Errno.ERANGE, e.Errno);
    }

    [LinuxFact(Needs.Root)]
    public void What_a_throwaway_thread_throws_comes_out_whole()
    {
        using var nothingLeft = new ResidueCheck();
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => ThrowawayThread.Run<int>(Thrower));
        Assert.Contains(nameof(Thrower), e.StackTrace, StringComparison.Ordinal);
    }

    private static int Thrower() => throw new InvalidOperationException("thrown");

    private static void AssertNew<T>(Func<T> create, Func<T> own)
        where T : Namespace
    {
        using T before = own(), made = create(), other = create(), after = own();
        Assert.Equal(before, after);
        Assert.NotEqual(before, made);
        Assert.NotEqual(made, other);
    }

    private static void AssertOwned(UserNamespaceMaps maps)
    {
        using UserNamespace own = UserNamespace.OfThisThread(), user = UserNamespace.Create(maps);
        Assert.NotEqual(own, user);
        AssertOwned(own, () => NetworkNamespace.Create(maps), NetworkNamespace.OfThisThread);
        AssertOwned(own, () => UtsNamespace.Create(maps), UtsNamespace.OfThisThread);
        AssertOwned(own, () => IpcNamespace.Create(maps), IpcNamespace.OfThisThread);
        AssertOwned(own, () => MountNamespace.Create(maps), MountNamespace.OfThisThread);
        AssertOwned(own, () => CgroupNamespace.Create(maps), CgroupNamespace.OfThisThread);
    }

    private static void AssertOwned<T>(UserNamespace outer, Func<T> create, Func<T> own)
        where T : Namespace
    {
        using T here = own(), made = create();
        using UserNamespace? owner = made.OpenOwner(), parent = owner?.OpenParent();
        Assert.NotEqual(here, made);
        Assert.NotNull(owner);
        Assert.NotEqual(outer, owner);
        Assert.Equal(outer, parent);
    }
}
