namespace Isolation.Namespaces.Tests.Delegates;

/// <summary>A thread that stays in namespaces.</summary>
public sealed class NamespaceThreadTests : IClassFixture<WarmUp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [LinuxFact(Needs.Root)]
    public void It_is_in_several_namespaces_at_once()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace network = Fresh.Network();
        using UtsNamespace uts = Fresh.Uts();
        using ThreadNamespace ipc = Fresh.Make(NamespaceKinds.Ipc), cgroup = Fresh.Make(NamespaceKinds.Cgroup), mount = Fresh.Make(NamespaceKinds.Mount);
        using var inside = new NamespaceThread(mount, network, uts, ipc, cgroup);
        Assert.Equal(
            new[] { mount, network, uts, ipc, cgroup }.Select(n => n.ToString()),
            inside.Run(() => (string[])[Fresh.Here("mnt"), Fresh.Here("net"), Fresh.Here("uts"), Fresh.Here("ipc"), Fresh.Here("cgroup")]));
    }

    [LinuxFact(Needs.Root)]
    public void All_delegates_run_on_the_one_thread()
    {
        using NetworkNamespace ns = Fresh.Network();
        using var inside = new NamespaceThread(ns);
        int thread = inside.Run(() => Environment.CurrentManagedThreadId);
        Assert.All(Enumerable.Range(0, 100).AsParallel().Select(_ => inside.Run(() => Environment.CurrentManagedThreadId)), id => Assert.Equal(thread, id));
        Assert.Equal(thread, inside.Run(() => inside.Run(() => Environment.CurrentManagedThreadId)));
    }

    [LinuxFact(Needs.Root)]
    public async Task Others_have_their_turn_while_one_awaits()
    {
        using NetworkNamespace ns = Fresh.Network();
        using var inside = new NamespaceThread(ns);
        var mayEnd = new TaskCompletionSource();
        Task<string> waiting = inside.RunAsync(async () =>
        {
            await mayEnd.Task;
            return Fresh.Here();
        });
        Assert.Equal(ns.ToString(), inside.Run(() => Fresh.Here()));
        Assert.Equal(ns.ToString(), await inside.RunAsync(() => Task.FromResult(Fresh.Here())));
        Assert.False(waiting.IsCompleted);
        mayEnd.SetResult();
        Assert.Equal(ns.ToString(), await waiting);
    }

    [LinuxFact(Needs.Root)]
    public async Task Exceptions_and_cancellations_come_out_and_the_thread_lives_on()
    {
        using NetworkNamespace ns = Fresh.Network();
        using var inside = new NamespaceThread(ns);
        var thrown = new InvalidDataException();
        Assert.Same(thrown, Assert.Throws<InvalidDataException>(() => inside.Run(() => throw thrown)));
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidDataException>(() => inside.RunAsync(Task () => throw thrown)));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(5));
        Task canceled = inside.RunAsync(() => Task.Delay(Timeout.Infinite, cancellation.Token), Cancellation);
        await Assert.ThrowsAsync<TaskCanceledException>(() => canceled);
        Assert.True(canceled.IsCanceled);
        Assert.Equal(1, inside.Run(() => 1));
    }

    [LinuxFact(Needs.Root)]
    public void A_delegate_that_was_not_begun_can_be_canceled()
    {
        using NetworkNamespace ns = Fresh.Network();
        using var inside = new NamespaceThread(ns);
        using var cancellation = new CancellationTokenSource();
        using ManualResetEventSlim begun = new(), mayEnd = new();
        Task<string> first = inside.RunAsync(
            () =>
            {
                begun.Set();
                mayEnd.Wait();
                return Task.FromResult("first");
            },
            Cancellation);
        begun.Wait(Cancellation);
        bool ran = false;
        Task second = inside.RunAsync(() => Task.FromResult(ran = true), cancellation.Token);
        cancellation.Cancel();
        mayEnd.Set();
        Assert.True(((IAsyncResult)second).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        Assert.True(second.IsCanceled);
        Assert.False(ran);
        Assert.Equal("first", first.Result);
    }

    [LinuxFact(Needs.Root)]
    public async Task Disposing_waits_for_what_was_asked_for_and_refuses_more()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace ns = Fresh.Network();
        var inside = new NamespaceThread(ns);
        string home = Fresh.Here();
        var mayGoOn = new TaskCompletionSource();
        Task<string> left = inside.RunAsync(async () =>
        {
            await mayGoOn.Task;
            return Fresh.Here();
        });
        Task slow = inside.RunAsync(() =>
        {
            Thread.Sleep(20);
            return Task.CompletedTask;
        });
        inside.Dispose();
        inside.Dispose();
        await slow;
        Assert.Throws<ObjectDisposedException>(() => inside.Run(() => { }));
        Assert.Throws<ObjectDisposedException>(() => { _ = inside.RunAsync(() => Task.CompletedTask); });
        mayGoOn.SetResult();
        Assert.Equal(home, await left);
    }

    [LinuxFact(Needs.Root)]
    public void It_can_be_disposed_from_inside()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace ns = Fresh.Network();
        var inside = new NamespaceThread(ns);
        inside.Run(inside.Dispose);
        Assert.Throws<ObjectDisposedException>(() => inside.Run(() => { }));
    }

    [LinuxFact(Needs.Root)]
    public void Namespaces_that_make_no_sense_are_refused()
    {
        using NetworkNamespace one = Fresh.Network(), two = Fresh.Network();
        Assert.Throws<ArgumentException>(() => new NamespaceThread());
        Assert.Throws<ArgumentException>(() => new NamespaceThread(one, two));
        Assert.Throws<ArgumentNullException>(() => new NamespaceThread(one, null!));
        two.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new NamespaceThread(two));
    }
}
