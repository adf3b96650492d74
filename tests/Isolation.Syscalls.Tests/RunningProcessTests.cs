using System.Diagnostics;
using FsCheck.Xunit;

namespace Isolation.Syscalls.Tests;

/// <summary>Priorities and limits of processes that run, as the kernel and the system's own tools show them.</summary>
public sealed class RunningProcessTests : IDisposable
{
    private readonly Process _sleep = Process.Start("sleep", "1000");
    private readonly RunningProcess _process;

    public RunningProcessTests() => _process = new RunningProcess(_sleep.Id);

    public void Dispose()
    {
        _sleep.Kill();
        _sleep.WaitForExit();
        _sleep.Dispose();
    }

    [LinuxFact]
    public void A_nice_value_is_set_and_read()
    {
        _process.Nice = 7;
        Assert.Equal(7, _process.Nice);
        Assert.Equal("7", Stat(17));
    }

    [LinuxFact(Needs.Root)]
    public void A_nice_value_can_be_lowered_by_root()
    {
        _process.Nice = -9;
        Assert.Equal("-9", Stat(17));
    }

    [LinuxFact]
    public void A_policy_is_set_and_leaves_the_nice_value()
    {
        _process.Nice = 3;
        foreach (Scheduling scheduling in (Scheduling[])[Scheduling.Batch, Scheduling.Idle])
        {
            _process.Scheduling = scheduling;
            Assert.Equal(scheduling, _process.Scheduling);
            Assert.Equal(((int)scheduling.Policy).ToString(System.Globalization.CultureInfo.InvariantCulture), Stat(39));
            Assert.Equal(3, _process.Nice);
        }
    }

    [LinuxFact]
    public void An_io_priority_is_set_and_read()
    {
        foreach (IOPriority priority in (IOPriority[])[IOPriority.BestEffort(6), IOPriority.Idle])
        {
            _process.IOPriority = priority;
            Assert.Equal(priority, _process.IOPriority);
        }
    }

    [LinuxFact]
    public void An_affinity_is_set_and_read()
    {
        _process.CpuAffinity = [0];
        Assert.Equal([0], _process.CpuAffinity);
        Assert.Contains("Cpus_allowed_list:\t0\n", File.ReadAllText($"/proc/{_sleep.Id}/status"), StringComparison.Ordinal);
    }

    [LinuxFact]
    public void An_affinity_to_processors_that_are_not_there_is_an_error()
    {
        LinuxException error = Assert.Throws<LinuxException>(() => { _process.CpuAffinity = [60_000]; });
        Assert.Equal(Errno.EINVAL, error.Errno);
        Assert.Contains("None of these processors is there", error.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void An_oom_score_adjustment_is_set_and_read()
    {
        _process.OomScoreAdjustment = 321;
        Assert.Equal(321, _process.OomScoreAdjustment);
        Assert.Equal("321", File.ReadAllText($"/proc/{_sleep.Id}/oom_score_adj").Trim());
    }

    [LinuxFact]
    public void A_limit_is_set_and_read()
    {
        _process.SetLimit(LimitedResource.OpenFiles, new ResourceLimit(100, 200));
        Assert.Equal(new ResourceLimit(100, 200), _process.GetLimit(LimitedResource.OpenFiles));
        Assert.Contains(File.ReadLines($"/proc/{_sleep.Id}/limits"), l => l.StartsWith("Max open files", StringComparison.Ordinal) && l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3..5] is ["100", "200"]);
    }

    [LinuxFact]
    public void All_threads_get_what_is_set()
    {
        RunningProcess current = RunningProcess.Current;
        Assert.Equal(0, FreshProcess.Run(LowerAllThreads).ExitCode);
        Assert.Equal(Environment.ProcessId, current.Id);
    }

    private static int LowerAllThreads()
    {
        using var end = new ManualResetEventSlim();
        Thread[] threads = [.. Enumerable.Range(0, 5).Select(_ => new Thread(end.Wait))];
        Array.ForEach(threads, t => t.Start());
        RunningProcess.Current.Nice = 4;
        string[] values = [.. Directory.EnumerateDirectories("/proc/self/task").Select(t => File.ReadAllText(t + "/stat")).Select(s => s[(s.LastIndexOf(')') + 2)..].Split(' ')[16])];
        end.Set();
        return values.Length > 5 && values.All(v => v == "4") ? 0 : 1;
    }

    [LinuxFact]
    public void A_process_that_is_not_there_is_an_error()
    {
        var gone = new RunningProcess(int.MaxValue);
        Assert.All(
            (Action[])
            [
                () => _ = gone.Nice, () => gone.Nice = 1, () => _ = gone.Scheduling, () => gone.Scheduling = Scheduling.Batch, () => _ = gone.IOPriority, () => gone.IOPriority = IOPriority.Idle,
                () => _ = gone.CpuAffinity, () => gone.CpuAffinity = [0], () => _ = gone.OomScoreAdjustment, () => gone.OomScoreAdjustment = 1,
                () => gone.GetLimit(LimitedResource.Stack), () => gone.SetLimit(LimitedResource.Stack, ResourceLimit.None),
            ],
            a => Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(a).Errno));
    }

    [Fact]
    public void Values_out_of_range_are_refused_before_anything_is_done()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => { _process.Nice = 20; });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _process.Nice = -21; });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _process.OomScoreAdjustment = 1001; });
        Assert.Throws<ArgumentException>(() => { _process.CpuAffinity = []; });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _process.CpuAffinity = [-1]; });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _process.CpuAffinity = [1 << 20]; });
        Assert.Throws<ArgumentOutOfRangeException>(() => Scheduling.Fifo(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scheduling.RoundRobin(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scheduling.Deadline(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => IOPriority.BestEffort(8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResourceLimit(-1, 5));
        Assert.Throws<ArgumentException>(() => new ResourceLimit(6, 5));
        Assert.Throws<ArgumentException>(() => new ResourceLimit(null, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _process.GetLimit((LimitedResource)99); });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunningProcess(0));
        Assert.Equal(0, _process.OomScoreAdjustment - RunningProcess.Current.OomScoreAdjustment);
    }

    [Property]
    public bool Sets_of_processors_come_back_as_they_went(ushort[] processors)
    {
        if (processors.Length == 0)
            return true;
        int[] numbers = ProcessorMask.Check(processors.Select(p => (int)p));
        return ProcessorMask.OfKernel(ProcessorMask.ToKernel(numbers)).SequenceEqual(processors.Distinct().Order().Select(p => (int)p));
    }

    [Property]
    public bool Limits_come_back_as_they_went(long? soft, long? hard)
    {
        try
        {
            var limit = new ResourceLimit(soft, hard);
            return limit.Soft == soft && limit.Hard == hard && (hard is null || soft <= hard);
        }
        catch (ArgumentException)
        {
            return soft < 0 || hard < 0 || (hard is not null && (soft is null || soft > hard));
        }
    }

    // proc_pid_stat(5): the fields behind the name, which may hold spaces; the first of them is number 3.
    private string Stat(int field)
    {
        string stat = File.ReadAllText($"/proc/{_sleep.Id}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[field == 17 ? 16 : 38];
    }
}
