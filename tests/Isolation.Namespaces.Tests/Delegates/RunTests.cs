using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces.Tests.Delegates;

/// <summary>A delegate inside a namespace.</summary>
public sealed class RunTests : IClassFixture<WarmUp>
{
    private static readonly AsyncLocal<string?> s_local = new();

    [ThreadStatic]
    private static int s_threadId;

    [LinuxFact(Needs.Root)]
    public void A_delegate_runs_inside_and_the_caller_stays_outside()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace ns = Fresh.Network();
        string outside = Fresh.Here();
        Assert.Equal(ns.ToString(), ns.Run(() => Fresh.Here()));
        Assert.Equal(["lo"], ns.Run(Fresh.Links));
        Assert.Equal(outside, Fresh.Here());
    }

    [LinuxFact(Needs.Root)]
    public void It_runs_on_a_background_thread_that_is_none_of_the_pool()
    {
        using NetworkNamespace ns = Fresh.Network();
        int caller = Environment.CurrentManagedThreadId;
        (bool isPool, bool isBackground, bool isCaller) = ns.Run(() => (Thread.CurrentThread.IsThreadPoolThread, Thread.CurrentThread.IsBackground, Environment.CurrentManagedThreadId == caller));
        Assert.Equal((false, true, false), (isPool, isBackground, isCaller));
    }

    [LinuxFact(Needs.Root)]
    public void An_exception_comes_out_whole()
    {
        using NetworkNamespace ns = Fresh.Network();
        var thrown = new InvalidDataException("inside");
        InvalidDataException caught = Assert.Throws<InvalidDataException>(() => ns.Run(() => Throw(thrown)));
        Assert.Same(thrown, caught);
        Assert.Contains(nameof(Throw), caught.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(An_exception_comes_out_whole), caught.StackTrace, StringComparison.Ordinal);
        Assert.Equal(ns.ToString(), ns.Run(() => Fresh.Here()));
    }

    [LinuxFact(Needs.Root)]
    public void Values_of_the_callers_context_flow_in_and_changes_do_not_flow_out()
    {
        using NetworkNamespace ns = Fresh.Network();
        CultureInfo before = CultureInfo.CurrentCulture, own = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        try
        {
            s_local.Value = "outside";
            CultureInfo.CurrentCulture = own;
            ns.Run(() =>
            {
                Assert.Equal("outside", s_local.Value);
                Assert.Same(own, CultureInfo.CurrentCulture);
                s_local.Value = "inside";
            });
            Assert.Equal("outside", s_local.Value);
            using (ExecutionContext.SuppressFlow())
                Assert.Null(ns.Run(() => s_local.Value));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            s_local.Value = null;
        }
    }

    [LinuxFact(Needs.Root)]
    public void A_delegate_that_returns_a_task_is_refused()
    {
        using NetworkNamespace ns = Fresh.Network();
        static ArgumentException Refused(Action run) => Assert.Throws<ArgumentException>(run);
        ArgumentException e = Refused(() => _ = ns.Run(() => Task.CompletedTask));
        Assert.Contains("RunAsync", e.Message, StringComparison.Ordinal);
        Refused(() => _ = ns.Run(() => Task.FromResult(1)));
        Refused(() => ns.Run(() => default(ValueTask)).AsTask());
        Refused(() => ns.Run(() => default(ValueTask<int>)).AsTask());
    }

    [LinuxFact(Needs.Root)]
    public void A_handle_that_was_disposed_is_not_entered()
    {
        NetworkNamespace ns = Fresh.Network();
        ns.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ns.Run(() => Assert.Fail("ran")));
    }

    [LinuxFact(Needs.Root)]
    public void A_nested_run_is_in_its_own_namespace_and_the_outer_one_stays_in_its()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace outer = Fresh.Network(), inner = Fresh.Network();
        using UtsNamespace uts = Fresh.Uts();
        string home = Fresh.Here();
        outer.Run(() =>
        {
            Assert.Equal(inner.ToString(), inner.Run(() => Fresh.Here()));
            Assert.Equal(home, uts.Run(() => Fresh.Here()));
            Assert.Equal(outer.ToString(), Fresh.Here());
        });
    }

    [LinuxFact(Needs.Root)]
    public void Sixty_four_delegates_at_once_do_not_mix()
    {
        const int Count = 64;
        using var nothingLeft = new ResidueCheck();
        using var together = new Barrier(Count);
        var errors = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        string[] seen = new string[Count];
        Thread[] threads = [.. Enumerable.Range(0, Count).Select(i => new Thread(() =>
        {
            try
            {
                using var ns = (NetworkNamespace)Fresh.Make(NamespaceKinds.Network);
                ns.Run(() => Fresh.RenameLoopback($"lo{i}"));
                using Socket socket = ns.Run(() =>
                {
                    together.SignalAndWait();
                    Socket bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    bound.Bind(new IPEndPoint(IPAddress.Any, 8080));
                    Assert.Equal([$"lo{i}"], Fresh.Links());
                    seen[i] = Fresh.Here();
                    together.SignalAndWait();
                    Assert.Equal(seen[i], Fresh.Here());
                    return bound;
                });
                Assert.Equal(ns.ToString(), seen[i]);
            }
            catch (Exception e)
            {
                errors.Enqueue(e);
                together.RemoveParticipant();
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Empty(errors);
        Assert.Equal(Count, seen.Distinct().Count());
    }

    [LinuxFact(Needs.Root)]
    public void A_thread_is_used_again_when_it_is_as_it_was()
    {
        using NetworkNamespace ns = Fresh.Network();
        Assert.Contains(Enumerable.Range(0, 100), _ => ns.Run(Remember) == ns.Run(() => s_threadId));
    }

    [LinuxTheory(Needs.Root)]
    [InlineData(NamespaceKinds.Network, "net")]
    [InlineData(NamespaceKinds.Ipc, "ipc")]
    [InlineData(NamespaceKinds.Mount, "mnt")]
    public void The_next_delegate_is_in_no_namespace_that_one_before_made_for_itself(NamespaceKinds kind, string file)
    {
        using var nothingLeft = new ResidueCheck();
        using UtsNamespace ns = Fresh.Uts();
        string home = Fresh.Here(file);
        for (int i = 0; i < 20; i++)
        {
            ns.Run(() => ThreadNamespace.Unshare(kind));
            Assert.Equal(home, ns.Run(() => Fresh.Here(file)));
        }
    }

    [LinuxTheory(Needs.Root)]
    [InlineData("a working directory of its own")]
    [InlineData("descriptors of its own")]
    [InlineData("no new privileges")]
    [InlineData("fewer capabilities")]
    [InlineData("another user")]
    public void A_thread_that_was_changed_is_not_used_again(string change)
    {
        using var nothingLeft = new ResidueCheck();
        using UtsNamespace ns = Fresh.Uts();
        int changed = ns.Run(() =>
        {
            Change(change);
            return Remember();
        });

        // More visits than threads ever wait, all at once, so that each thread has its turn.
        using var together = new Barrier(40);
        Thread[] threads = [.. Enumerable.Range(0, 40).Select(_ => new Thread(() => ns.Run(() =>
        {
            together.SignalAndWait();
            if (s_threadId == changed)
                changed = -1;
        })))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.NotEqual(-1, changed);
    }

    [LinuxFact(Needs.Root)]
    public void The_next_delegate_finds_no_name_or_context_of_the_one_before()
    {
        using NetworkNamespace ns = Fresh.Network();
        for (int i = 0; i < 100; i++)
        {
            ns.Run(() =>
            {
                Assert.Null(s_local.Value);
                Assert.Equal("isolation-visit", Thread.CurrentThread.Name);
                Assert.True(Thread.CurrentThread.IsBackground);
                Assert.Null(SynchronizationContext.Current);
                s_local.Value = "left";
                Thread.CurrentThread.Name = "left";
                Thread.CurrentThread.IsBackground = false;
                SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            });
        }
    }

    [LinuxFact(Needs.Root)]
    public void Thousands_of_runs_from_many_threads_leave_nothing()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace one = Fresh.Network(), two = Fresh.Network();
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            NetworkNamespace ns = i % 2 == 0 ? one : two;
            for (int run = 0; run < 500; run++)
                Assert.Equal(ns.ToString(), ns.Run(() => Fresh.Here()));
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
    }

    [LinuxFact(Needs.Root)]
    public void A_caller_that_is_interrupted_leaves_and_the_delegate_goes_on()
    {
        using NetworkNamespace ns = Fresh.Network();
        using ManualResetEventSlim begun = new(), mayEnd = new(), ended = new();
        Exception? caught = null;
        var caller = new Thread(() => caught = Record.Exception(() => ns.Run(() =>
        {
            begun.Set();
            mayEnd.Wait();
            ended.Set();
        })));
        caller.Start();
        begun.Wait(TestContext.Current.CancellationToken);
        caller.Interrupt();
        caller.Join();
        Assert.IsType<ThreadInterruptedException>(caught);
        mayEnd.Set();
        Assert.True(ended.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(1, ns.Run(() => 1));
    }

    private static int Throw(Exception e) => throw e;

    private static int Remember() => s_threadId = Environment.CurrentManagedThreadId;

    private static void Change(string change)
    {
        const int PR_SET_NO_NEW_PRIVS = 38, PR_CAPBSET_DROP = 24, CAP_SYS_TIME = 25;
        switch (change)
        {
            case "a working directory of its own":
                Sys.Check("unshare", null, SyscallNumber.Unshare, (nint)CloneFlags.Fs);
                break;
            case "descriptors of its own":
                Sys.Check("unshare", null, SyscallNumber.Unshare, (nint)CloneFlags.Files);
                break;
            case "no new privileges":
                Sys.Check("set", null, SyscallNumber.Prctl, PR_SET_NO_NEW_PRIVS, 1);
                break;
            case "fewer capabilities":
                Sys.Check("drop", null, SyscallNumber.Prctl, PR_CAPBSET_DROP, CAP_SYS_TIME);
                break;
            default:
                // The call itself is of one thread; it is libc that repeats it on all.
                Sys.Check("set", null, SyscallNumber.SetResUid, -1, -1, FreshProcess.UserId);
                break;
        }
    }
}
