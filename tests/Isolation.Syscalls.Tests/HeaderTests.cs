using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Tests;

/// <summary>Numbers and layouts against the C headers. A number that these headers do not have yet is passed over, and the newest are few.</summary>
[NativeOnly]
public sealed unsafe partial class HeaderTests
{
    internal const string X64Numbers = "#include <asm/unistd_64.h>";

    // What arch/arm64/include/uapi/asm/unistd.h defines before it includes the generic table.
    internal const string Arm64Numbers = """
        #define __BITS_PER_LONG 64
        #define __ASM_X86_BITSPERLONG_H
        #define __ARCH_WANT_RENAMEAT
        #define __ARCH_WANT_NEW_STAT
        #define __ARCH_WANT_SET_GET_RLIMIT
        #define __ARCH_WANT_TIME32_SYSCALLS
        #define __ARCH_WANT_SYS_CLONE3
        #define __ARCH_WANT_MEMFD_SECRET
        #include <asm-generic/unistd.h>
        """;

    private const string Everything = """
        #include <errno.h>
        #include <fcntl.h>
        #include <poll.h>
        #include <signal.h>
        #include <stddef.h>
        #include <sys/epoll.h>
        #include <sys/mman.h>
        #include <sys/prctl.h>
        #include <sys/resource.h>
        #include <sys/wait.h>
        #include <linux/capability.h>
        #include <linux/futex.h>
        #include <linux/keyctl.h>
        #include <linux/sched.h>
        """;

    [LinuxFact(Needs.CCompiler | Needs.Sdk | Needs.X64)]
    public void The_x64_call_numbers_are_those_of_the_headers() => AssertNumbers(X64Numbers, t => t.X64);

    [LinuxFact(Needs.CCompiler | Needs.Sdk)]
    public void The_arm64_call_numbers_are_those_of_the_generic_table() => AssertNumbers(Arm64Numbers, t => t.Arm64);

    [LinuxFact(Needs.Sdk)]
    public void Every_call_uses_the_number_of_this_architecture()
    {
        Dictionary<string, (int X64, int Arm64)> table = Table().ToDictionary(t => t.Name, t => (t.X64, t.Arm64));
        SyscallNumber[] calls = [.. typeof(SyscallNumber).GetProperties(BindingFlags.Static | BindingFlags.Public).Select(p => (SyscallNumber)p.GetValue(null)!)];
        Assert.Equal(table.Count, calls.Length);
        bool arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        Assert.All(calls, c => Assert.Equal(arm ? table[c.Name].Arm64 : table[c.Name].X64, c.Number));
    }

    [LinuxFact]
    public void No_two_calls_have_the_same_number()
    {
        SyscallNumber[] calls = [.. typeof(SyscallNumber).GetProperties(BindingFlags.Static | BindingFlags.Public).Select(p => (SyscallNumber)p.GetValue(null)!)];
        Assert.Equal(calls.Length, calls.Distinct().Count());
    }

    [LinuxFact(Needs.CCompiler)]
    public void Every_errno_is_that_of_the_headers()
    {
        Errno[] ours = [.. Enum.GetValues<Errno>().Where(e => e != Errno.None)];
        CProgram.AssertSame(ours.Select(e => (e.ToString(), (long)e)), CProgram.Values(Everything, ours.Select(e => e.ToString())));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Every_errno_of_the_headers_is_in_the_enum()
    {
        string macros = Command.Run("gcc", "-E", "-dM", "-include", "errno.h", "-x", "c", "/dev/null").EnsureSuccess().Output;
        CProgram.AssertNone(ErrnoMacro().Matches(macros)
            .Where(m => !Enum.IsDefined((Errno)int.Parse(m.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)))
            .Select(m => $"{m.Groups[1].Value} = {m.Groups[2].Value} is missing"));
    }

    [LinuxFact(Needs.CCompiler)]
    public void The_clone_flags_are_those_of_the_headers()
    {
        // CLONE_NEWNS, but CLONE_CLEAR_SIGHAND: the kernel's names do not follow one rule.
        Dictionary<CloneFlags, string> names = new()
        {
            [CloneFlags.ParentSetTid] = "CLONE_PARENT_SETTID",
            [CloneFlags.ClearSigHand] = "CLONE_CLEAR_SIGHAND",
            [CloneFlags.ChildClearTid] = "CLONE_CHILD_CLEARTID",
            [CloneFlags.IntoCgroup] = "CLONE_INTO_CGROUP",
        };
        (string Name, long Value)[] ours = [.. Enum.GetValues<CloneFlags>().Select(f => (names.GetValueOrDefault(f, "CLONE_" + f.ToString().ToUpperInvariant()), (long)f))];
        CProgram.AssertSame(ours, CProgram.Values(Everything, ours.Select(o => o.Name)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Clone_args_is_laid_out_as_in_the_headers()
    {
        CloneArgs a;
        byte* s = (byte*)&a;
        AssertLayout(
            ("sizeof(struct clone_args)", sizeof(CloneArgs)),
            ("offsetof(struct clone_args, flags)", (byte*)&a.Flags - s),
            ("offsetof(struct clone_args, pidfd)", (byte*)&a.PidFd - s),
            ("offsetof(struct clone_args, child_tid)", (byte*)&a.ChildTid - s),
            ("offsetof(struct clone_args, parent_tid)", (byte*)&a.ParentTid - s),
            ("offsetof(struct clone_args, exit_signal)", (byte*)&a.ExitSignal - s),
            ("offsetof(struct clone_args, stack)", (byte*)&a.Stack - s),
            ("offsetof(struct clone_args, stack_size)", (byte*)&a.StackSize - s),
            ("offsetof(struct clone_args, tls)", (byte*)&a.Tls - s),
            ("offsetof(struct clone_args, set_tid)", (byte*)&a.SetTid - s),
            ("offsetof(struct clone_args, set_tid_size)", (byte*)&a.SetTidSize - s),
            ("offsetof(struct clone_args, cgroup)", (byte*)&a.Cgroup - s));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Rlimit64_is_laid_out_as_in_the_headers()
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<ResourceLimit, ulong>([new ResourceLimit(soft: 1, hard: 2)]);
        AssertLayout(
            ("sizeof(struct rlimit64)", sizeof(ResourceLimit)),
            ("offsetof(struct rlimit64, rlim_cur)", words.IndexOf(1UL) * sizeof(ulong)),
            ("offsetof(struct rlimit64, rlim_max)", words.IndexOf(2UL) * sizeof(ulong)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Sched_attr_is_laid_out_as_in_the_headers()
    {
        SchedulingAttributes a;
        byte* s = (byte*)&a;
        CProgram.AssertSame(
            [
                ("SCHED_ATTR_SIZE_VER0", SchedulingAttributes.FirstSize),
                ("SCHED_ATTR_SIZE_VER0", sizeof(SchedulingAttributes)),
                ("offsetof(struct sched_attr, sched_policy)", (byte*)&a.Policy - s),
                ("offsetof(struct sched_attr, sched_flags)", (byte*)&a.Flags - s),
                ("offsetof(struct sched_attr, sched_nice)", (byte*)&a.Nice - s),
                ("offsetof(struct sched_attr, sched_priority)", (byte*)&a.Priority - s),
                ("offsetof(struct sched_attr, sched_runtime)", (byte*)&a.RunTime - s),
                ("offsetof(struct sched_attr, sched_deadline)", (byte*)&a.Deadline - s),
                ("offsetof(struct sched_attr, sched_period)", (byte*)&a.Period - s),
            ],
            CProgram.Values(
                "#include <stddef.h>\n#include <linux/types.h>\n#include <linux/sched/types.h>",
                ((string[])["policy", "flags", "nice", "priority", "runtime", "deadline", "period"]).Select(f => $"offsetof(struct sched_attr, sched_{f})").Append("SCHED_ATTR_SIZE_VER0")));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Policies_resources_and_io_priorities_are_those_of_the_headers()
    {
        AssertLayout([.. Enum.GetValues<LimitedResource>().Select(r => (LimitedResources.KernelName(r), (long)r))]);
        (string Name, long Ours)[] others =
        [
            ("SCHED_NORMAL", (long)SchedulingPolicy.Normal), ("SCHED_FIFO", (long)SchedulingPolicy.Fifo), ("SCHED_RR", (long)SchedulingPolicy.RoundRobin),
            ("SCHED_BATCH", (long)SchedulingPolicy.Batch), ("SCHED_IDLE", (long)SchedulingPolicy.Idle), ("SCHED_DEADLINE", (long)SchedulingPolicy.Deadline),
            ("IOPRIO_PRIO_VALUE(IOPRIO_CLASS_NONE, 0)", IOPriority.None.ToKernel()), ("IOPRIO_PRIO_VALUE(IOPRIO_CLASS_RT, 3)", IOPriority.RealTime(3).ToKernel()),
            ("IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 7)", IOPriority.BestEffort(7).ToKernel()), ("IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0)", IOPriority.Idle.ToKernel()),
        ];
        CProgram.AssertSame(others, CProgram.Values("#include <linux/sched.h>\n#include <linux/ioprio.h>", others.Select(o => o.Name)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void The_names_in_the_steps_of_priorities_are_what_the_kernel_gets()
    {
        var program = new SyscallProgramBuilder();
        program.SetNice(5);
        program.SetIOPriority(IOPriority.BestEffort(2));
        program.SetOomScoreAdjustment(100);
        foreach (LimitedResource resource in Enum.GetValues<LimitedResource>())
            program.SetLimit("limit", resource, ResourceLimit.None);
        Listing.AssertNamesAreTrue(Everything + "\n#include <linux/ioprio.h>\n", program.Build());
    }

    [LinuxFact(Needs.CCompiler)]
    public void Timespec_is_laid_out_as_in_the_headers()
    {
        ReadOnlySpan<long> words = MemoryMarshal.Cast<Timespec, long>([new Timespec(Seconds: 1, Nanoseconds: 2)]);
        AssertLayout(
            ("sizeof(struct timespec)", sizeof(Timespec)),
            ("offsetof(struct timespec, tv_sec)", words.IndexOf(1L) * sizeof(long)),
            ("offsetof(struct timespec, tv_nsec)", words.IndexOf(2L) * sizeof(long)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Siginfo_is_laid_out_as_in_the_headers()
    {
        Type info = typeof(PidFd).GetNestedType("SignalInfo", BindingFlags.NonPublic)!;
        AssertLayout(
            ("sizeof(siginfo_t)", Size(info)),
            ("offsetof(siginfo_t, si_signo)", Offset(info, "Signal")),
            ("offsetof(siginfo_t, si_errno)", Offset(info, "Errno")),
            ("offsetof(siginfo_t, si_code)", Offset(info, "Code")),
            ("offsetof(siginfo_t, si_pid)", Offset(info, "ProcessId")),
            ("offsetof(siginfo_t, si_uid)", Offset(info, "UserId")),
            ("offsetof(siginfo_t, si_status)", Offset(info, "Status")));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Pollfd_is_laid_out_as_in_the_headers()
    {
        Type entry = typeof(Poll).GetNestedType("Entry", BindingFlags.NonPublic)!;
        AssertLayout(
            ("sizeof(struct pollfd)", Size(entry)),
            ("offsetof(struct pollfd, fd)", Offset(entry, "Descriptor")),
            ("offsetof(struct pollfd, events)", Offset(entry, "Events")),
            ("offsetof(struct pollfd, revents)", Offset(entry, "Returned")));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Epoll_event_is_as_large_as_in_the_headers()
    {
        int size = (int)typeof(EventLoop).GetProperty("EventSize", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        AssertLayout(
            ("sizeof(struct epoll_event)", size),
            ("offsetof(struct epoll_event, events)", 0),
            ("offsetof(struct epoll_event, data)", size - sizeof(ulong)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Rusage_is_read_as_the_headers_lay_it_out()
    {
        Type usage = typeof(PidFd).GetNestedType("Usage", BindingFlags.NonPublic)!;
        long[] words = [.. Enumerable.Range(0, 18)];
        ResourceUsage read = ResourceUsage.Read(words);
        AssertLayout(
            ("sizeof(struct rusage)", Size(usage)),
            ("offsetof(struct rusage, ru_utime.tv_sec) / 8", (long)read.UserTime.TotalSeconds),
            ("offsetof(struct rusage, ru_utime.tv_usec) / 8", read.UserTime.Microseconds),
            ("offsetof(struct rusage, ru_stime.tv_sec) / 8", (long)read.SystemTime.TotalSeconds),
            ("offsetof(struct rusage, ru_stime.tv_usec) / 8", read.SystemTime.Microseconds),
            ("offsetof(struct rusage, ru_maxrss) / 8", read.MaxResidentBytes / 1024),
            ("offsetof(struct rusage, ru_majflt) / 8", read.MajorFaults),
            ("offsetof(struct rusage, ru_nvcsw) / 8", read.VoluntarySwitches),
            ("offsetof(struct rusage, ru_nivcsw) / 8", read.InvoluntarySwitches));
    }

    [LinuxTheory(Needs.CCompiler)]
    [InlineData("PidFd", "WaitByPidFd=P_PIDFD Exited=WEXITED NoHang=WNOHANG All=__WALL")]
    [InlineData("Interop.EventLoop", "Add=EPOLL_CTL_ADD Delete=EPOLL_CTL_DEL CloseOnExec=EPOLL_CLOEXEC In=EPOLLIN Out=EPOLLOUT OneShot=EPOLLONESHOT")]
    [InlineData("Interop.Poll", "In=POLLIN Out=POLLOUT")]
    [InlineData("Interop.Futex", "WaitShared=FUTEX_WAIT WakeShared=FUTEX_WAKE WaitPrivate=FUTEX_WAIT_PRIVATE WakePrivate=FUTEX_WAKE_PRIVATE")]
    [InlineData("Children.HandOver", "SigKill=SIGKILL SetParentDeathSignal=PR_SET_PDEATHSIG")]
    [InlineData("Children.DumpableGuard", "GetDumpable=PR_GET_DUMPABLE SetDumpable=PR_SET_DUMPABLE")]
    [InlineData("ClonePrologue", "SigKill=SIGKILL SigStop=SIGSTOP LastSignal=(_NSIG-1)")]
    [InlineData("Interop.SignalSet", "SigKill=SIGKILL SigStop=SIGSTOP Last=(_NSIG-1)")]
    public void The_constants_of_a_class_are_those_of_the_headers(string type, string constants)
    {
        Type declaring = typeof(PidFd).Assembly.GetType("Isolation.Syscalls." + type, throwOnError: true)!;
        (string Name, long Value)[] ours =
        [
            .. constants.Split(' ').Select(c => c.Split('=')).Select(c =>
            {
                FieldInfo field = declaring.GetField(c[0], BindingFlags.Static | BindingFlags.NonPublic) ?? throw new MissingFieldException(type, c[0]);
                return (c[1], Convert.ToInt64(field.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture));
            }),
        ];
        CProgram.AssertSame(ours, CProgram.Values(Everything, ours.Select(o => o.Name)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Signals_have_the_names_of_the_headers()
    {
        (string Name, long Value)[] ours = [.. Enumerable.Range(1, 31).Select(n => (SignalSet.Name(n), (long)n))];
        CProgram.AssertSame(ours, CProgram.Values(Everything, ours.Select(o => o.Name)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void The_options_of_prctl_that_act_on_memory_are_refused_by_their_numbers_in_the_headers()
    {
        IReadOnlyDictionary<string, long?> options = CProgram.Macros(Everything, ["PR_SET_DUMPABLE", "PR_SET_MM", "PR_SET_THP_DISABLE", "PR_SET_MDWE", "PR_SET_TSC", "PR_SET_PTRACER", "PR_SET_VMA", "PR_SET_SECCOMP"]);
        foreach ((string name, long? option) in options)
        {
            if (option is null)
                continue;
            var program = new SyscallProgramBuilder();
            program.Call(SyscallNumber.Prctl, new StepNote(name), option.Value);
            Assert.Throws<InvalidOperationException>(() => SharedMemoryRules.Check(program.Build()));
        }
    }

    [LinuxFact(Needs.CCompiler)]
    public void The_names_that_a_listing_shows_are_what_the_kernel_gets()
    {
        var program = new SyscallProgramBuilder();
        StepValue input = program.Input("input");
        HandOver.Begin(program, detached: false);
        HandOver.BeginSession(program);
        HandOver.LeaveKeyring(program);
        HandOver.DropInheritableCapabilities(program);
        HandOver.SetDescriptors(program, [(input, 0), (input, 1), (input, 2)]);
        program.Gate("act");
        HandOver.RestoreDefaults(program);
        Listing.AssertNamesAreTrue(Everything, program.Build());
    }

    [LinuxFact(Needs.CCompiler)]
    public void The_names_in_the_prologue_of_clone_are_what_the_kernel_gets()
        => Listing.AssertNamesAreTrue(Everything, ClonePrologue.Add(new SyscallProgramBuilder().Build()));

    private static void AssertLayout(params (string Name, long Value)[] ours) => CProgram.AssertSame(ours, CProgram.Values(Everything, ours.Select(o => o.Name)));

    private static void AssertNumbers(string headers, Func<(string Name, int X64, int Arm64), int> number)
    {
        (string Name, int X64, int Arm64)[] table = [.. Table()];
        IReadOnlyDictionary<string, long?> theirs = CProgram.Macros(headers, table.Select(t => "__NR_" + t.Name));
        CProgram.AssertNone(table.Where(t => theirs["__NR_" + t.Name] is { } right && right != number(t)).Select(t => $"{t.Name} is {theirs["__NR_" + t.Name]} in C and {number(t)} here"));

        // The headers of the oldest distributions are newer than Linux 5.14, so nearly all must be known.
        CProgram.AssertNone(table.Where(t => theirs["__NR_" + t.Name] is null && number(t) < 447).Select(t => $"{t.Name} ({number(t)}) is no call of this architecture"));
    }

    // The other architecture's numbers are to be had from the source only.
    private static IEnumerable<(string Name, int X64, int Arm64)> Table()
        => TableLine().Matches(File.ReadAllText(Path.Combine(Machine.Repository!, "src/Isolation.Syscalls/Programs/SyscallNumber.cs")))
            .Select(m => (m.Groups[1].Value, int.Parse(m.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), int.Parse(m.Groups[3].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)));

    private static int Size(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    // The structures have no gaps that the runtime could fill, so fields lie in the order of their declaration.
    private static long Offset(Type type, string field)
    {
        long offset = 0;
        foreach (FieldInfo f in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            int alignment = Math.Min(Size(f.FieldType), 8);
            if (f.Name == field)
                return (offset + alignment - 1) / alignment * alignment;
            offset += Size(f.FieldType);
        }

        throw new MissingFieldException(type.Name, field);
    }

    [GeneratedRegex("""= new\("(\w+)", (\d+), (\d+)\)""")]
    private static partial Regex TableLine();

    [GeneratedRegex(@"^#define (E[A-Z0-9]+) (\d+)$", RegexOptions.Multiline)]
    private static partial Regex ErrnoMacro();
}
