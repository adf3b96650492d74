using System.Net;
using System.Net.Sockets;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation.Namespaces.Tests.Delegates;

/// <summary>What a delegate must not change for the rest of the process: a new thread is in the namespaces of the one that makes it.</summary>
public sealed class HomeTests
{
    private const string Worker = ".NET TP Worker";

    [LinuxFact(Needs.Root)]
    public void Threads_that_the_runtime_makes_once_are_made_at_home() => FreshProcess.Run(UseAllInside).EnsureSuccess();

    // Nothing of it has been used before in this process.
    private static void UseAllInside()
    {
        using NetworkNamespace ns = Fresh.Network();
        ns.Run(() =>
        {
            Task.Delay(5).Wait();
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 1000));
            ValueTask<int> receive = socket.ReceiveAsync(new byte[1].AsMemory());
            socket.SendTo([1], new IPEndPoint(IPAddress.Loopback, 1000));
            Assert.Equal(1, receive.AsTask().Result);
            Command.Run("true").EnsureSuccess();
        });
        string home = Fresh.Here();
        foreach (string name in (string[])[".NET Timer", ".NET Sockets", ".NET SigHandler", ".NET TP Gate"])
            Assert.Equal([home], Threads().Where(t => t.Name == name).Select(t => t.Namespace).Distinct());
    }

    [LinuxFact(Needs.Root)]
    public void A_delegate_finds_a_pool_that_grows_at_home() => RunWithPoolThatForgets(QueueAtOnce);

    private static void QueueAtOnce()
    {
        using NetworkNamespace ns = Fresh.Network();
        string home = Fresh.Here();
        WaitForEmptyPool();

        // Without the delegate's ExecutionContext, so that nothing sends the thread home.
        var seen = new TaskCompletionSource<string>();
        ns.Run(() => ThreadPool.UnsafeQueueUserWorkItem(_ => seen.SetResult(Fresh.Here()), null));
        Assert.Equal(home, seen.Task.Result);
        Assert.All(Threads().Where(t => t.Name == Worker), t => Assert.Equal(home, t.Namespace));
    }

    // A pool whose threads have ended for want of work gets a new one from the thread that queues some.
    [LinuxFact(Needs.Root)]
    public void Work_queued_from_inside_runs_at_home_even_when_the_pool_makes_a_thread_for_it() => RunWithPoolThatForgets(QueueToEmptyPool);

    private static void QueueToEmptyPool()
    {
        using NetworkNamespace ns = Fresh.Network();
        string home = Fresh.Here();
        (string first, string second) = ns.Run(() =>
        {
            WaitForEmptyPool();
            return (Task.Run(() => Fresh.Here()).Result, Task.Run(() => Fresh.Here()).Result);
        });
        Assert.Equal((home, home), (first, second));
    }

    private static void RunWithPoolThatForgets(Action method)
        => FreshProcess.Run([], method, [], environment: new Dictionary<string, string?> { ["DOTNET_ThreadPool_ThreadTimeoutMs"] = "64" }).EnsureSuccess();

    private static void WaitForEmptyPool()
        => Assert.True(SpinWait.SpinUntil(() => ThreadPool.ThreadCount == 0, TimeSpan.FromSeconds(20)), "The pool keeps its threads.");

    [LinuxFact(Needs.Root)]
    public void A_new_thread_is_where_the_one_is_that_starts_it()
    {
        using NetworkNamespace ns = Fresh.Network();
        Assert.Equal(ns.ToString(), ns.Run(() => Fresh.OnNewThread(() => Fresh.Here())));
    }

    [LinuxFact(Needs.Root)]
    public void A_child_of_the_engine_that_is_started_inside_is_at_home() => FreshProcess.Run(StartFirstChildInside).EnsureSuccess();

    // The first child: its threads have still to be made.
    private static void StartFirstChildInside()
    {
        using NetworkNamespace ns = Fresh.Network();
        string home = Fresh.Here();
        ns.Run(() =>
        {
            var program = new SyscallProgramBuilder();
            HandOver.Begin(program, detached: false);
            HandOver.SetDescriptors(program, []);
            HandOver.RestoreDefaults(program);
            HandOver.Execute(program, "sleep", [Machine.Find("sleep")!], ["sleep", "100"], [], static _ => null);
            using ChildProcess child = ChildProcess.Start(new ChildStartInfo(program.Build()));
            Assert.Equal(home, new FileInfo($"/proc/{child.ProcessId}/ns/net").LinkTarget);
        });
    }

    [LinuxFact(Needs.Root | Needs.Ip)]
    public void The_namespace_goes_when_its_last_handle_and_socket_are_closed()
    {
        using NetworkNamespace near = Fresh.Network();
        NetworkNamespace far = Fresh.Network();

        // The far end of a veth pair goes with its namespace, and takes the near end along.
        near.Run(() => Command.Run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", $"/proc/{Environment.ProcessId}/fd/{far.Handle.DangerousGetHandle()}").EnsureSuccess());
        Assert.Contains("far", far.Run(Fresh.Links));
        Socket socket = far.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        far.RunAsync(() => Task.Delay(1)).GetAwaiter().GetResult();
        using (var warm = new NamespaceThread(far))
            warm.Run(() => { });
        far.Dispose();
        Thread.Sleep(200);
        Assert.Contains("near", near.Run(Fresh.Links));
        socket.Dispose();
        Assert.True(SpinWait.SpinUntil(() => !near.Run(Fresh.Links).Contains("near"), TimeSpan.FromSeconds(10)), "The namespace is still there.");
    }

    private static List<(string Name, string Namespace)> Threads()
    {
        var threads = new List<(string, string)>();
        foreach (string task in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                threads.Add((File.ReadAllText($"{task}/comm").Trim(), new FileInfo($"{task}/ns/net").LinkTarget ?? throw new FileNotFoundException(task)));
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return threads;
    }
}
