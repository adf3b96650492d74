using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Priorities and limits that a program starts with. The caller's own stay as they are.</summary>
public sealed class ProcessSettingTests
{
    [LinuxFact]
    public void A_program_starts_with_its_priorities()
    {
        int before = RunningProcess.Current.OomScoreAdjustment;
        using Container container = new ContainerBuilder()
            .WithNice(RunningProcess.Current.Nice + 3).WithScheduler(Scheduling.Batch).WithIOPriority(IOPriority.BestEffort(7)).WithCpuAffinity(0).WithOomScoreAdjustment(before + 5)
            .WithCommand("sleep", "1000").Start();
        var process = new RunningProcess(container.ProcessId);
        Assert.Equal(
            (RunningProcess.Current.Nice + 3, Scheduling.Batch, IOPriority.BestEffort(7), before + 5),
            (process.Nice, process.Scheduling, process.IOPriority, process.OomScoreAdjustment));
        Assert.Equal([0], process.CpuAffinity);
        Assert.Equal(before, RunningProcess.Current.OomScoreAdjustment);
        Assert.Equal(Scheduling.Normal, RunningProcess.Current.Scheduling);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void The_whole_set_up_ends_with_them()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithInit().WithUser("1000:1000")
            .WithNice(5).WithIOPriority(IOPriority.Idle).WithCpuAffinity(0).WithOomScoreAdjustment(500).WithResourceLimit(LimitedResource.OpenFiles, 64)
            .WithStandardOutput(StandardStream.Pipe)
            .WithCommand("/bin/sh", "-c", "cut -d ' ' -f 19 /proc/self/stat; cat /proc/self/oom_score_adj; ulimit -n; grep Cpus_allowed_list /proc/self/status").Start();
        using var reader = new StreamReader(container.StandardOutput!.AsStream());
        Assert.Equal(["5", "500", "64", "Cpus_allowed_list:\t0"], reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [LinuxFact(Needs.Root)]
    public void What_joins_starts_with_them_too()
    {
        using Container container = new ContainerBuilder().WithPidNs().WithCommand("sleep", "1000").Start();
        using Container exec = new ContainerBuilder().WithContainer(container).WithNice(6).WithOomScoreAdjustment(77).WithResourceLimit(LimitedResource.FileSize, 4096).WithCommand("sleep", "1000").Start();
        var process = new RunningProcess(exec.ProcessId);
        Assert.Equal((6, 77, ResourceLimit.Of(4096)), (process.Nice, process.OomScoreAdjustment, process.GetLimit(LimitedResource.FileSize)));
    }

    [LinuxFact(Needs.Root)]
    public void Root_gives_real_time_and_lower_nice_values_to_another_user()
    {
        using Container container = new ContainerBuilder().WithUser("4242:4242").WithNice(-7).WithIOPriority(IOPriority.RealTime(2)).WithCommand("sleep", "1000").Start();
        var process = new RunningProcess(container.ProcessId);
        Assert.Equal((-7, IOPriority.RealTime(2)), (process.Nice, process.IOPriority));
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void Real_time_policies_are_set()
    {
        foreach (Scheduling scheduling in (Scheduling[])[Scheduling.Fifo(10), Scheduling.RoundRobin(20), Scheduling.Deadline(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100))])
        {
            using Container container = new ContainerBuilder().WithScheduler(scheduling).WithCommand("sleep", "1000").Start();
            Assert.Equal(scheduling, new RunningProcess(container.ProcessId).Scheduling);
        }
    }

    [LinuxFact]
    public void Limits_are_those_that_were_asked_for()
    {
        using Container container = new ContainerBuilder()
            .WithResourceLimit(LimitedResource.OpenFiles, new ResourceLimit(100, 200)).WithResourceLimit(LimitedResource.CoreSize, 0).WithResourceLimit(LimitedResource.ProcessorTime, 1000)
            .WithCommand("sleep", "1000").Start();
        var process = new RunningProcess(container.ProcessId);
        Assert.Equal(
            (new ResourceLimit(100, 200), ResourceLimit.Of(0), ResourceLimit.Of(1000)),
            (process.GetLimit(LimitedResource.OpenFiles), process.GetLimit(LimitedResource.CoreSize), process.GetLimit(LimitedResource.ProcessorTime)));
        Assert.Equal(ResourceLimit.Get(LimitedResource.Stack), process.GetLimit(LimitedResource.Stack));
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void A_hard_limit_is_raised_for_another_user()
    {
        LimitedResource resource = LimitedResource.MessageQueues;
        long above = ResourceLimit.Get(resource).Hard!.Value + 4096;
        using Container container = new ContainerBuilder().WithUser("4242:4242").WithResourceLimit(resource, above).WithCommand("sleep", "1000").Start();
        Assert.Equal(ResourceLimit.Of(above), new RunningProcess(container.ProcessId).GetLimit(resource));
    }

    [LinuxFact(Needs.FullSpeed)]
    public void What_an_ordinary_user_may_not_is_told_and_named()
    {
        string[] lines = FreshProcess.RunAsUser(AskForTooMuch).EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Collection(
            lines,
            l => Assert.StartsWith("set the nice value -5 failed: Permission denied (EACCES from setpriority). A lower value than the present one needs CAP_SYS_NICE", l, StringComparison.Ordinal),
            l => Assert.StartsWith("set the scheduling policy Fifo 1 failed: Operation not permitted (EPERM from sched_setattr). Real-time policies need CAP_SYS_NICE", l, StringComparison.Ordinal),
            l => Assert.StartsWith("set the I/O priority RealTime 0 failed: Operation not permitted (EPERM from ioprio_set). The real-time class needs", l, StringComparison.Ordinal),
            l => Assert.StartsWith("run on the processors 60000 failed: Invalid argument (EINVAL from sched_setaffinity). None of these processors is there", l, StringComparison.Ordinal),
            l => Assert.StartsWith("set the OOM score adjustment -1000 failed: Permission denied (EACCES from write). A lower value", l, StringComparison.Ordinal),
            l => Assert.StartsWith("raise the hard limit RLIMIT_MSGQUEUE failed: Operation not permitted (EPERM from prlimit64). Raising the hard limit needs CAP_SYS_RESOURCE", l, StringComparison.Ordinal));
    }

    private static void AskForTooMuch()
    {
        ContainerBuilder container = new ContainerBuilder().WithCommand("true");
        foreach (ContainerBuilder asking in (ContainerBuilder[])
        [
            container.WithNice(-5), container.WithScheduler(Scheduling.Fifo(1)), container.WithIOPriority(IOPriority.RealTime(0)), container.WithCpuAffinity(60_000),
            container.WithOomScoreAdjustment(-1000), container.WithResourceLimit(LimitedResource.MessageQueues, ResourceLimit.None),
        ])
        {
            Console.WriteLine(Assert.Throws<LinuxException>(() => { asking.Run(); }).Message);
        }
    }

    [LinuxFact]
    public void The_plan_shows_them_in_their_place()
    {
        string plan = new ContainerBuilder().WithNice(19).WithScheduler(Scheduling.Fifo(3)).WithResourceLimit(LimitedResource.OpenFiles, 99).WithCommand("true").Explain();
        int policy = plan.IndexOf("sched_setattr(0, {size=48, sched_policy=SCHED_FIFO, sched_priority=3}, 0)", StringComparison.Ordinal);
        int nice = plan.IndexOf("setpriority(PRIO_PROCESS, 0, 19)", StringComparison.Ordinal);
        int limit = plan.IndexOf("prlimit64(0, RLIMIT_NOFILE, {rlim_cur=99, rlim_max=99}, NULL)", StringComparison.Ordinal);
        int closing = plan.IndexOf("close_range", StringComparison.Ordinal);
        Assert.True(policy > 0 && policy < closing && closing < nice && nice < limit, plan);
        Assert.Single(plan.Split('\n'), l => l.StartsWith("prlimit64(0, RLIMIT_NOFILE", StringComparison.Ordinal));
    }

    [Fact]
    public void Values_out_of_range_are_refused_before_anything_starts()
    {
        ContainerBuilder container = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => container.WithNice(20));
        Assert.Throws<ArgumentNullException>(() => container.WithScheduler(null!));
        Assert.Throws<ArgumentException>(() => container.WithCpuAffinity());
        Assert.Throws<ArgumentOutOfRangeException>(() => container.WithCpuAffinity(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => container.WithOomScoreAdjustment(-1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => container.WithResourceLimit(LimitedResource.Stack, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => container.WithResourceLimit((LimitedResource)16, 1));
        Assert.Throws<ArgumentException>(() => container.WithInit().WithScheduler(Scheduling.Deadline(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3))).Build());
    }
}
