using System.Diagnostics;
using System.Globalization;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation.Tests;

/// <summary>R06 and R07: the manager is killed, or the child killed or stopped, at every step of a start.</summary>
public class ManagerDeathTests(ITestOutputHelper console)
{
    [LinuxTheory(Needs.Root | Needs.Busybox | Needs.FullSpeed, Timeout = 280_000)]
    [InlineData("user namespace")]
    [InlineData("as another user")]
    [InlineData("plain")]
    [InlineData("init")]
    [InlineData("exec")]
    public void Killing_the_manager_at_any_step_leaves_nothing_alive(string kind)
    {
        const int Each = 20;
        using var root = new BusyboxRoot();
        using Container? container = Target(kind, root.Path);
        SyscallStep[] steps = [.. Template(kind, root.Path, container?.PidFd).Program.AllSteps];
        string target = (container?.ProcessId ?? 0).ToString(CultureInfo.InvariantCulture);

        // A manager holds as many children at the step, so each step is hit as many times. Most of the time is waiting.
        Parallel.For(0, steps.Length, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, k =>
        {
            string[] line = FreshProcess.CommandLine(HoldChildren, kind, root.Path, target, k.ToString(CultureInfo.InvariantCulture), Each.ToString(CultureInfo.InvariantCulture));
            using Process manager = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!;
            using CancellationTokenRegistration ending = TestContext.Current.CancellationToken.Register(manager.Kill);
            int[] children = [.. manager.StandardOutput.ReadLine()!.Split(' ').Select(c => int.Parse(c, CultureInfo.InvariantCulture))];
            Assert.InRange(children.Length, Each, 3 * Each);
            manager.Kill();
            manager.WaitForExit();
            AssertGone(children, $"step {k}, {steps[k]}", TimeSpan.FromSeconds(IsArmed(steps, k) ? 1 : 4));
        });

        console.WriteLine($"{steps.Length} steps, {Each} managers' children each");
    }

    /// <summary>
    /// Whether the parent-death signal is set when a step begins: a change of credentials clears it, and a child begins
    /// without it (prctl(2)). A child without it has to go on, and finds out when it asks for the manager. The child of an
    /// init ends with that.
    /// </summary>
    private static bool IsArmed(SyscallStep[] steps, int step)
    {
        bool armed = false;
        for (int i = 0; i < step; i++)
        {
            SyscallNumber call = steps[i].Call;
            bool arms = call == SyscallNumber.Prctl && steps[i].Arguments[0].Text == "PR_SET_PDEATHSIG";
            bool forks = steps[i].Flags.HasFlag(StepFlags.Fork) && !steps[i].Flags.HasFlag(StepFlags.Stay);
            bool changesUser = call == SyscallNumber.SetResUid || call == SyscallNumber.SetResGid;
            if (steps[i].Flags.HasFlag(StepFlags.Stay))
                return armed;
            armed = arms || (armed && !forks && !changesUser);
        }

        return armed;
    }

    private static void HoldChildren(string kind, string root, string target, string step, string count)
    {
        int process = int.Parse(target, CultureInfo.InvariantCulture);
        using PidFd? container = process == 0 ? null : PidFd.Open(process);
        ContainerTemplate template = Template(kind, root, container);
        uint k = uint.Parse(step, CultureInfo.InvariantCulture);

        Fault fault = new(k, Errno.None) { Hold = IsArmed([.. template.Program.AllSteps], (int)k) ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(3) };
        for (int i = 0; i < int.Parse(count, CultureInfo.InvariantCulture); i++)
            new Thread(() => template.Start(fault)) { IsBackground = true }.Start();
        while (HeldChildren().Length < int.Parse(count, CultureInfo.InvariantCulture))
            Thread.Sleep(1);
        Console.WriteLine(string.Join(' ', Descendants(Environment.ProcessId)));
        Thread.Sleep(Timeout.Infinite);
    }

    private static IEnumerable<int> Descendants(int process)
        => !Directory.Exists($"/proc/{process}/task")
            ? []
            : Directory.EnumerateDirectories($"/proc/{process}/task").SelectMany(t => ReadOrEmpty($"{t}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(c => int.Parse(c, CultureInfo.InvariantCulture))
                .SelectMany(c => Descendants(c).Prepend(c));

    /// <summary>Those of our descendants that sleep in the hold: in ppoll(2) with no descriptors.</summary>
    private static int[] HeldChildren()
    {
        string ppoll = SyscallNumber.Ppoll.Number.ToString(CultureInfo.InvariantCulture) + " 0x0 0x0 ";
        return [.. Descendants(Environment.ProcessId).Where(c => ReadOrEmpty($"/proc/{c}/syscall").StartsWith(ppoll, StringComparison.Ordinal))];
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void Killing_the_manager_kills_a_running_container()
    {
        using var root = new BusyboxRoot();
        string[] line = FreshProcess.CommandLine(RunForEver, root.Path);
        using Process manager = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!;
        int child = int.Parse(manager.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        manager.Kill();
        manager.WaitForExit();
        AssertGone([child], "running");
    }

    private static void RunForEver(string root)
    {
        Container container = new ContainerBuilder().WithRootFs(root).WithUserNs().WithPidNs().WithCommand("/bin/sleep", "1000").Start();
        Console.WriteLine(container.ProcessId);
        Thread.Sleep(Timeout.Infinite);
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void A_detached_container_outlives_its_manager()
    {
        using var root = new BusyboxRoot();
        CommandResult result = FreshProcess.Run(StartDetached, root.Path);
        int child = int.Parse(result.EnsureSuccess().Output, CultureInfo.InvariantCulture);
        using PidFd pidFd = PidFd.Open(child);
        Assert.StartsWith("sleep", ReadOrEmpty($"/proc/{child}/comm"), StringComparison.Ordinal);
        Assert.True(pidFd.Signal(9));
        AssertGone([child], "detached");
    }

    private static void StartDetached(string root)
    {
        using Container container = new ContainerBuilder().WithRootFs(root).WithPidNs().WithDetached()
            .WithStandardInput(StandardStream.Null).WithStandardOutput(StandardStream.Null).WithStandardError(StandardStream.Null)
            .WithCommand("/bin/sleep", "1000").Start();
        Console.WriteLine(container.ProcessId);
    }

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void A_container_lives_on_when_the_thread_that_started_it_ends()
    {
        Container? container = null;
        var starter = new Thread(() => container = new ContainerBuilder().WithCommand("sleep", "1000").Start());
        starter.Start();
        starter.Join();
        Thread.Sleep(100);
        Assert.False(container!.HasExited);
        container.Dispose();
    }

    [LinuxTheory(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    [InlineData("start", 9)]
    [InlineData("start", 19)]
    [InlineData("init", 9)]
    [InlineData("init", 19)]
    [InlineData("exec", 9)]
    [InlineData("exec", 19)]
    public void A_child_that_is_killed_or_stopped_at_any_step_is_an_error_in_time(string kind, int signal)
    {
        using var root = new BusyboxRoot();
        TimeSpan timeout = TimeSpan.FromMilliseconds(signal == 9 ? 20_000 : 250), slack = TimeSpan.FromMilliseconds(Machine.Lab is null ? 250 : 5000);
        using Container? container = Target(kind, root.Path);
        ContainerBuilder builder = kind switch
        {
            "exec" => new ContainerBuilder().WithContainer(container!),
            "init" => Containers.Full(root).WithInit(),
            _ => Containers.Full(root),
        };
        ContainerTemplate template = builder.WithStartTimeout(timeout).WithCommand("/bin/true").Build();
        template.Run();
        using var residue = new ResidueCheck();
        SyscallStep[] steps = [.. template.Program.AllSteps];
        int late = 0;
        for (int k = 0; k < steps.Length; k++)
        {
            // A child that is killed while it executes its program cannot be told from a program that is killed.
            if (signal == 9 && steps[k].IsExec)
                continue;
            using var done = new CancellationTokenSource();
            var killer = new Thread(() =>
            {
                int[] held;
                while ((held = HeldChildren()).Length == 0 && !done.IsCancellationRequested)
                    Thread.Yield();
                foreach (int child in held)
                    Signal(child, signal);
            });
            killer.Start();
            long begun = Stopwatch.GetTimestamp();
            LinuxException error = Assert.Throws<LinuxException>(() => { template.Start(new Fault((uint)k, Errno.None)); });
            TimeSpan took = Stopwatch.GetElapsedTime(begun);
            done.Cancel();
            killer.Join();
            Assert.Equal((k, signal == 9 ? Errno.ECHILD : Errno.ETIMEDOUT), (error.Step, error.Errno));
            if (signal == 9)
                continue;

            // A busy machine may keep us waiting now and then.
            Assert.True(took < timeout + TimeSpan.FromSeconds(10), $"step {k}: {took}");
            late += took < timeout + slack ? 0 : 1;
        }

        Assert.InRange(late, 0, steps.Length / 5);
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void A_child_that_is_frozen_at_any_step_is_an_error_in_time()
    {
        using var root = new BusyboxRoot();
        string cgroup = Path.Combine(Directory.Exists("/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup", "isolation-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(cgroup);
        try
        {
            TimeSpan timeout = TimeSpan.FromMilliseconds(300), slack = TimeSpan.FromMilliseconds(300);
            int late = 0;
            ContainerTemplate template = Containers.Full(root).WithCgroupDirectory(cgroup).WithStartTimeout(timeout).WithCommand("/bin/true").Build();
            for (int k = 0; k < template.Program.Steps.Length; k++)
            {
                using var done = new CancellationTokenSource();
                var freezer = new Thread(() =>
                {
                    while (HeldChildren().Length == 0 && !done.IsCancellationRequested)
                        Thread.Yield();
                    File.WriteAllText(cgroup + "/cgroup.freeze", "1");
                });
                freezer.Start();
                long begun = Stopwatch.GetTimestamp();
                LinuxException error = Assert.Throws<LinuxException>(() => { template.Start(new Fault((uint)k, Errno.None)); });
                TimeSpan took = Stopwatch.GetElapsedTime(begun);
                done.Cancel();
                freezer.Join();
                Assert.Contains("frozen 1", File.ReadAllLines(cgroup + "/cgroup.events"));
                File.WriteAllText(cgroup + "/cgroup.freeze", "0");
                Assert.Equal((k, Errno.ETIMEDOUT), (error.Step, error.Errno));
                Assert.True(took < timeout + TimeSpan.FromSeconds(10), $"step {k}: {took}");
                late += took < timeout + slack ? 0 : 1;
            }

            Assert.InRange(late, 0, template.Program.Steps.Length / 5);
        }
        finally
        {
            Directory.Delete(cgroup);
        }
    }

    private static void Signal(int process, int signal)
    {
        try
        {
            using PidFd pidFd = PidFd.Open(process);
            pidFd.Signal(signal);
        }
        catch (LinuxException e) when (e.Errno == Errno.ESRCH)
        {
            // Gone already.
        }
    }

    /// <summary>What an exec joins.</summary>
    private static Container? Target(string kind, string root)
        => kind == "exec" ? new ContainerBuilder().WithRootFs(root).WithUserNs().WithPidNs().WithNetNs().WithCommand("/bin/sleep", "1000").Start() : null;

    private static ContainerTemplate Template(string kind, string root, PidFd? target)
    {
        ContainerBuilder container = new ContainerBuilder().WithStartTimeout(Timeout.InfiniteTimeSpan).WithCommand("/bin/sleep", "1000");
        return (kind switch
        {
            "plain" => container,
            "init" => container.WithRootFs(root).WithUserNs().WithInit().WithUser("1000"),
            "exec" => container.WithNamespacesOf(target!).WithUser("1000"),
            "as another user" => container.WithRootFs(root).WithPidNs().WithUser("1000"),
            _ => container.WithRootFs(root).WithUserNs().WithPidNs().WithNetNs().WithUtsNs("held"),
        }).Build();
    }

    private static void AssertGone(int[] processes, string what, TimeSpan? patience = null)
    {
        long begun = Stopwatch.GetTimestamp();
        while (processes.Any(p => Alive(p)))
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < (patience ?? TimeSpan.FromSeconds(5)), $"{what}: still alive");
            Thread.Sleep(2);
        }
    }

    // A zombie of an init that is slow to reap runs no more.
    private static bool Alive(int process) => ReadOrEmpty($"/proc/{process}/stat") is { Length: > 0 } stat && !stat.Contains(") Z ", StringComparison.Ordinal);

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
