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
    public void Killing_the_manager_at_any_step_leaves_nothing_alive(string kind)
    {
        const int Each = 20;
        using var root = new BusyboxRoot();
        SyscallProgram program = Template(kind, root.Path).Program;

        // A manager holds as many children at the step, so each step is hit as many times.
        for (int k = 0; k < program.Steps.Length; k++)
        {
            string[] line = FreshProcess.CommandLine(HoldChildren, kind, root.Path, k.ToString(CultureInfo.InvariantCulture), Each.ToString(CultureInfo.InvariantCulture));
            using Process manager = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!;
            using CancellationTokenRegistration ending = TestContext.Current.CancellationToken.Register(manager.Kill);
            int[] children = [.. manager.StandardOutput.ReadLine()!.Split(' ').Select(c => int.Parse(c, CultureInfo.InvariantCulture))];
            Assert.Equal(Each, children.Length);
            manager.Kill();
            manager.WaitForExit();
            AssertGone(children, $"step {k}, {program.Steps[k]}", TimeSpan.FromSeconds(IsArmed(program, k) ? 1 : 4));
        }

        console.WriteLine($"{program.Steps.Length} steps, {Each} managers' children each");
    }

    /// <summary>
    /// Whether the parent-death signal is set when a step begins: a change of credentials clears it (prctl(2)). A child
    /// without it has to go on, and finds out when it asks for the manager.
    /// </summary>
    private static bool IsArmed(SyscallProgram program, int step)
    {
        bool armed = false;
        for (int i = 0; i < step; i++)
        {
            SyscallNumber call = program.Steps[i].Call;
            armed = call == SyscallNumber.Prctl || (armed && call != SyscallNumber.SetResUid && call != SyscallNumber.SetResGid);
        }

        return armed;
    }

    private static void HoldChildren(string kind, string root, string step, string count)
    {
        ContainerTemplate template = Template(kind, root);
        uint k = uint.Parse(step, CultureInfo.InvariantCulture);

        Fault fault = new(k, Errno.None) { Hold = IsArmed(template.Program, (int)k) ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(3) };
        for (int i = 0; i < int.Parse(count, CultureInfo.InvariantCulture); i++)
            new Thread(() => template.Start(fault)) { IsBackground = true }.Start();
        int[] children;
        while ((children = HeldChildren()).Length < int.Parse(count, CultureInfo.InvariantCulture))
            Thread.Sleep(1);
        Console.WriteLine(string.Join(' ', children));
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Our children that sleep in the hold: in ppoll(2) with no descriptors.</summary>
    private static int[] HeldChildren()
    {
        string ppoll = SyscallNumber.Ppoll.Number.ToString(CultureInfo.InvariantCulture) + " 0x0 0x0 ";
        return [.. Directory.EnumerateDirectories("/proc/self/task").SelectMany(t => ReadOrEmpty($"{t}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(c => int.Parse(c, CultureInfo.InvariantCulture))
            .Where(c => ReadOrEmpty($"/proc/{c}/syscall").StartsWith(ppoll, StringComparison.Ordinal))];
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
    [InlineData(9)]
    [InlineData(19)]
    public void A_child_that_is_killed_or_stopped_at_any_step_is_an_error_in_time(int signal)
    {
        using var root = new BusyboxRoot();
        TimeSpan timeout = TimeSpan.FromMilliseconds(signal == 9 ? 20_000 : 250), slack = TimeSpan.FromMilliseconds(Machine.Lab is null ? 250 : 5000);
        ContainerTemplate template = Containers.Full(root).WithStartTimeout(timeout).WithCommand("/bin/true").Build();
        template.Run();
        using var residue = new ResidueCheck();
        for (int k = 0; k < template.Program.Steps.Length; k++)
        {
            // A child that is killed while it executes its program cannot be told from a program that is killed.
            if (signal == 9 && template.Program.Steps[k].IsExec)
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
            if (signal != 9)
                Assert.True(took < timeout + slack, $"step {k}: {took}");
        }
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
                Assert.True(took < timeout + slack, $"step {k}: {took}");
            }
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

    private static ContainerTemplate Template(string kind, string root)
    {
        ContainerBuilder container = new ContainerBuilder().WithStartTimeout(Timeout.InfiniteTimeSpan).WithCommand("/bin/sleep", "1000");
        return (kind switch
        {
            "plain" => container,
            "as another user" => container.WithRootFs(root).WithPidNs().WithUser("1000"),
            _ => container.WithRootFs(root).WithUserNs().WithPidNs().WithNetNs().WithUtsNs("held"),
        }).Build();
    }

    private static void AssertGone(int[] processes, string what, TimeSpan? patience = null)
    {
        long begun = Stopwatch.GetTimestamp();
        while (processes.Any(p => Alive(p)))
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < (patience ?? TimeSpan.FromSeconds(1)), $"{what}: still alive");
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
