using System.Net;
using System.Net.Sockets;

namespace Isolation.Namespaces.Tests.Delegates;

/// <summary>An asynchronous delegate inside a namespace.</summary>
public sealed class RunAsyncTests : IClassFixture<WarmUp>
{
    private static readonly AsyncLocal<string?> s_local = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [LinuxFact(Needs.Root)]
    public async Task Continuations_stay_inside_and_on_one_thread()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace ns = Fresh.Network();
        await ns.RunAsync(async () =>
        {
            int thread = Environment.CurrentManagedThreadId;
            void AssertInside()
            {
                Assert.Equal(ns.ToString(), Fresh.Here());
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
            }

            await Task.Delay(5, Cancellation);
            AssertInside();
            await Task.Yield();
            AssertInside();
            await Task.Run(() => Thread.Sleep(1), Cancellation);
            AssertInside();
            await TalkAsync();
            AssertInside();
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            {
                await Task.Delay(i % 3, Cancellation);
                AssertInside();
            }));
            AssertInside();
        });
    }

    [LinuxFact(Needs.Root)]
    public async Task What_asks_for_no_context_goes_on_outside()
    {
        using NetworkNamespace ns = Fresh.Network();
        string home = Fresh.Here();
        string after = await ns.RunAsync(async () =>
        {
            // Long enough to be awaited: what is over already goes on at once, inside.
            await Task.Delay(Machine.Lab is null ? 50 : 1000, Cancellation).ConfigureAwait(false);
            return Fresh.Here();
        });
        Assert.Equal(home, after);
    }

    [LinuxFact(Needs.Root)]
    public async Task An_exception_comes_out_whole()
    {
        using NetworkNamespace ns = Fresh.Network();
        var thrown = new InvalidDataException("inside");
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidDataException>(() => ns.RunAsync(async () =>
        {
            await Task.Yield();
            throw thrown;
        })));
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidDataException>(() => ns.RunAsync(Task () => throw thrown)));
    }

    [LinuxFact(Needs.Root)]
    public async Task A_cancellation_stays_one()
    {
        using NetworkNamespace ns = Fresh.Network();
        using var cancellation = new CancellationTokenSource();
        Task running = ns.RunAsync(() => Task.Delay(Timeout.Infinite, cancellation.Token), cancellation.Token);
        await cancellation.CancelAsync();
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(cancellation.Token, e.CancellationToken);
        Assert.True(running.IsCanceled);
    }

    [LinuxFact(Needs.Root)]
    public async Task With_a_token_that_is_canceled_nothing_runs()
    {
        using NetworkNamespace ns = Fresh.Network();
        bool ran = false;
        Task running = ns.RunAsync(() => Task.FromResult(ran = true), new CancellationToken(canceled: true));
        await Assert.ThrowsAsync<TaskCanceledException>(() => running);
        Assert.False(ran);
    }

    [LinuxFact(Needs.Root)]
    public async Task Values_of_the_callers_context_flow_in_and_through_awaits()
    {
        using NetworkNamespace ns = Fresh.Network();
        s_local.Value = "outside";
        await ns.RunAsync(async () =>
        {
            Assert.Equal("outside", s_local.Value);
            s_local.Value = "inside";
            await Task.Yield();
            Assert.Equal("inside", s_local.Value);
        });
        Assert.Equal("outside", s_local.Value);
    }

    [LinuxFact(Needs.Root)]
    public async Task What_still_awaits_at_the_end_goes_on_outside()
    {
        using NetworkNamespace ns = Fresh.Network();
        string home = Fresh.Here();
        var mayGoOn = new TaskCompletionSource();
        Task<string> left = await ns.RunAsync(() => Task.FromResult(Later()));
        mayGoOn.SetResult();
        Assert.Equal(home, await left);

        async Task<string> Later()
        {
            await mayGoOn.Task;
            return Fresh.Here();
        }
    }

    [LinuxFact(Needs.Root)]
    public async Task Sixty_four_at_once_do_not_mix()
    {
        const int Count = 64;
        using var nothingLeft = new ResidueCheck();
        UtsNamespace[] all = [.. Enumerable.Range(0, Count).Select(_ => Fresh.Uts())];
        int here = 0;
        var allHere = new TaskCompletionSource();
        string[] names = await Task.WhenAll(all.Select((ns, i) => ns.RunAsync(async () =>
        {
            Fresh.SetHostName($"host{i}");
            if (Interlocked.Increment(ref here) == Count)
                allHere.SetResult();
            await allHere.Task;
            for (int turn = 0; turn < 20; turn++)
            {
                Assert.Equal($"host{i}", Fresh.HostName());
                await Task.Yield();
            }

            return Fresh.HostName();
        })));
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"host{i}"), names);
        Array.ForEach(all, ns => ns.Dispose());
    }

    [LinuxFact(Needs.Root)]
    public async Task Send_runs_inside_and_its_exception_comes_back()
    {
        using NetworkNamespace ns = Fresh.Network();
        await ns.RunAsync(async () =>
        {
            SynchronizationContext inside = SynchronizationContext.Current!;
            string? there = null;
            inside.Send(_ => there = Fresh.Here(), null);
            Assert.Equal(ns.ToString(), there);
            there = null;
            await Task.Run(() => inside.Send(_ => there = Fresh.Here(), null), Cancellation);
            Assert.Equal(ns.ToString(), there);
            await Assert.ThrowsAsync<InvalidDataException>(() => Task.Run(() => inside.Send(_ => throw new InvalidDataException(), null), Cancellation));
            string viaScheduler = await Task.Factory.StartNew(() => Fresh.Here(), Cancellation, TaskCreationOptions.None, TaskScheduler.FromCurrentSynchronizationContext());
            Assert.Equal(ns.ToString(), viaScheduler);
        });
    }

    /// <summary>Says something over TCP and hears it.</summary>
    private static async Task TalkAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 80);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, 80, Cancellation);
        using TcpClient server = await listener.AcceptTcpClientAsync(Cancellation);
        await server.GetStream().WriteAsync(new byte[] { 7 }, Cancellation);
        byte[] heard = new byte[1];
        await client.GetStream().ReadExactlyAsync(heard, Cancellation);
        Assert.Equal(7, heard[0]);
    }
}
