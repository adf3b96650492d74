using System.Globalization;

namespace Isolation.Syscalls.Children;

/// <summary>The steps that set a child's own priorities and limits: all act on the child, not on the manager whose memory it shares.</summary>
internal static class PrioritySteps
{
    extension(SyscallProgramBuilder program)
    {
        public void SetNice(int nice)
            => program.Call(SyscallNumber.Setpriority, new StepNote("set the nice value", nice.ToString(CultureInfo.InvariantCulture)) { Hint = PriorityHints.Nice }, Argument.Constant(0, "PRIO_PROCESS"), 0, nice);

        public void SetScheduling(Scheduling scheduling, int nice)
        {
            var attributes = SchedulingAttributes.Of(scheduling, nice);
            string more = scheduling.Policy == SchedulingPolicy.Deadline
                ? $", sched_runtime={attributes.RunTime}, sched_deadline={attributes.Deadline}, sched_period={attributes.Period}"
                : scheduling.IsRealTime ? $", sched_priority={attributes.Priority}" : string.Create(CultureInfo.InvariantCulture, $", sched_nice={attributes.Nice}");
            program.Call(
                SyscallNumber.SchedSetattr,
                new StepNote("set the scheduling policy", scheduling.ToString()) { Hint = PriorityHints.Scheduling },
                0,
                program.Structure(attributes, $"{{size={attributes.Size}, sched_policy={KernelName(scheduling.Policy)}{more}}}"),
                0);
        }

        public void SetIOPriority(IOPriority priority)
            => program.Call(
                SyscallNumber.IoprioSet,
                new StepNote("set the I/O priority", priority.ToString()) { Hint = PriorityHints.IOPriority },
                Argument.Constant(1, "IOPRIO_WHO_PROCESS"),
                0,
                Argument.Constant(priority.ToKernel(), $"IOPRIO_PRIO_VALUE({(int)priority.Class}, {priority.Level})"));

        public void SetCpuAffinity(ReadOnlySpan<int> processors)
        {
            byte[] mask = ProcessorMask.ToKernel(processors);
            string shown = string.Join(", ", processors.ToArray());
            program.Call(SyscallNumber.SchedSetaffinity, new StepNote("run on the processors", shown) { Hint = PriorityHints.Affinity }, 0, mask.Length, program.Bytes(mask, $"[{shown}]"));
        }

        /// <summary>proc_pid_oom_score_adj(5). The kernel leaves others that share the memory alone while the child is a vfork(2).</summary>
        public void SetOomScoreAdjustment(int adjustment)
        {
            string text = adjustment.ToString(CultureInfo.InvariantCulture);
            var note = new StepNote("set the OOM score adjustment", text) { Hint = PriorityHints.OomScore };
            StepValue file = program.Call(
                SyscallNumber.OpenAt,
                note with { Result = "file" },
                Argument.Constant(-100, "AT_FDCWD"),
                program.Text("/proc/self/oom_score_adj"),
                Argument.Constant(0x80001, "O_WRONLY|O_CLOEXEC"));
            program.Call(SyscallNumber.Write, note, file, program.Text(text), text.Length);
            program.Call(SyscallNumber.Close, note, file);
        }

        public void SetLimit(string operation, LimitedResource resource, ResourceLimit limit)
            => program.Call(
                SyscallNumber.Prlimit64,
                new StepNote(operation) { Hint = PriorityHints.Limit },
                0,
                Argument.Constant((long)resource, LimitedResources.KernelName(resource)),
                program.Structure(limit, limit.ToString()),
                Argument.Constant(0, "NULL"));
    }

    private static string KernelName(SchedulingPolicy policy) => policy switch
    {
        SchedulingPolicy.Normal => "SCHED_OTHER",
        SchedulingPolicy.RoundRobin => "SCHED_RR",
        _ => "SCHED_" + policy.ToString().ToUpperInvariant(),
    };
}
