using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Children;

/// <summary>The steps on both sides of the runner's execution: those that bring a child into a fresh address space, and its forks there.</summary>
internal static class RunnerSteps
{
    /// <summary>The gate at which the manager, whose child it is, opens the process that will execute the program.</summary>
    public const string TakeOverGate = "take over the program's process";

    private const long EmptyPath = 0x1000, SetDumpable = 4;

    extension(SyscallProgramBuilder program)
    {
        /// <summary>Declares what the engine supplies for the runner. It comes after all other inputs.</summary>
        public RunnerInputs RunnerInputs() => new(program.Input("program"), program.Input("frame"), program.Input("channel"), program.Input("runner"));

        /// <summary>
        /// The last steps of a child that shares the manager's memory: only what the runner needs is open when it begins, in
        /// the order that <see cref="RunnerLayout"/> tells, then <paramref name="passed"/> from <see cref="RunnerLayout.FirstInput"/> on.
        /// </summary>
        public void ExecuteRunner(RunnerInputs inputs, ReadOnlySpan<StepValue> passed)
        {
            // As init it has to see SIGCHLD.
            HandOver.StopIgnoringSignals(program);
            List<(StepValue, int)> descriptors =
            [
                (inputs.Program, RunnerLayout.ProgramDescriptor),
                (inputs.Frame, RunnerLayout.FrameDescriptor),
                (inputs.Channel, RunnerLayout.ChannelDescriptor),
            ];
            foreach (StepValue value in passed)
                descriptors.Add((value, RunnerLayout.FirstInput + descriptors.Count - 3));
            int runner = RunnerLayout.FirstInput + passed.Length;
            descriptors.Add((inputs.Runner, runner));
            HandOver.SetDescriptors(program, [.. descriptors]);
            program.Call(
                SyscallNumber.ExecveAt,
                new StepNote("execute", "the runner, in a fresh address space") { Hint = static e => e == Errno.EACCES ? "Memory files may not be executed here: /proc/sys/vm/memfd_noexec, or a security module" : null },
                runner,
                program.Text(""),
                program.Strings(["isolation"]),
                program.Strings([]),
                Argument.Constant(EmptyPath, "AT_EMPTY_PATH"));
        }

        /// <summary>prctl(2): who is not dumpable cannot be traced, and its descriptors cannot be opened, by those of a joined namespace.</summary>
        public void CloseMemoryToOthers()
            => program.Call(SyscallNumber.Prctl, new StepNote("close this process's memory to others"), Argument.Constant(SetDumpable, "PR_SET_DUMPABLE"), 0);

        /// <summary>
        /// A child of the manager in the namespaces that were joined. The runner waits until it has executed its program
        /// (CLONE_VFORK), so that its own end tells the manager; it shares only the runner's memory.
        /// </summary>
        public void ForkInto(string what)
            => program.Fork(
                SyscallNumber.Clone,
                new StepNote("make the program's process in", what) { Hint = static e => e == Errno.ENOMEM ? "The pid namespace has lost its process 1, so no process can be born in it (pid_namespaces(7))" : null },
                parentStays: false,
                Argument.Constant((long)(CloneFlags.Parent | CloneFlags.ParentSetTid | CloneFlags.Vm | CloneFlags.VFork), "CLONE_PARENT|CLONE_PARENT_SETTID|CLONE_VM|CLONE_VFORK"),
                Argument.Constant(0, "NULL"),
                new Argument(ArgumentKind.Frame, ChildFrame.ProcessIdOffset, "&process_id"));

        /// <summary>
        /// A child of the manager in a cgroup, which goes on with the joining. clone3(2) with CLONE_INTO_CGROUP moves nobody, and
        /// is faster than a write to cgroup.procs. Its memory is a copy: time_namespaces(7) are for who shares it with nobody.
        /// </summary>
        public void ForkIntoCgroup(int cgroup, string path)
        {
            var arguments = new CloneArgs
            {
                Flags = CloneFlags.Parent | CloneFlags.ParentSetTid | CloneFlags.VFork | CloneFlags.IntoCgroup,
                ParentTid = (ulong)(RunnerLayout.FrameAddress + ChildFrame.HelperIdOffset),
                Cgroup = (ulong)cgroup,
            };
            program.Fork(
                SyscallNumber.Clone3,
                new StepNote("go on in the cgroup", path) { Hint = StartFailure.CgroupHint },
                parentStays: false,
                program.Structure(arguments, $"{{flags=CLONE_PARENT|CLONE_PARENT_SETTID|CLONE_VFORK|CLONE_INTO_CGROUP, cgroup={cgroup}}}"),
                System.Runtime.CompilerServices.Unsafe.SizeOf<CloneArgs>());
        }

        /// <summary>Moves there, where nothing can be born there.</summary>
        public void MoveIntoCgroup(StepValue cgroup, string path)
        {
            var note = new StepNote("move into the cgroup", path) { Hint = StartFailure.CgroupHint };
            StepValue processes = program.Call(SyscallNumber.OpenAt, note with { Result = "processes" }, cgroup, program.Text("cgroup.procs"), Argument.Constant(0x80001, "O_WRONLY|O_CLOEXEC"));
            program.Call(SyscallNumber.Write, note, processes, program.Text("0"), 1);
        }

        /// <summary>The main program's process; the runner stays, as the init of its pid namespace.</summary>
        public void ForkAndStay()
        {
            const long ChildSignal = 17;
            program.Fork(
                SyscallNumber.Clone,
                new StepNote("make the program's process, and be its init"),
                parentStays: true,
                Argument.Constant((long)CloneFlags.VFork | ChildSignal, "CLONE_VFORK|SIGCHLD"));
        }

        /// <summary>Gives the program its descriptors, and puts the channel behind them, which closes when the program is executed.</summary>
        public void SetDescriptorsAndChannel(ReadOnlySpan<(StepValue Source, int Target)> descriptors)
        {
            int channel = 3;
            foreach ((_, int target) in descriptors)
                channel = Math.Max(channel, target + 1);
            HandOver.SetDescriptors(program, [.. descriptors, (SyscallProgramBuilder.RunnerChannel, channel)]);
            program.Call(
                SyscallNumber.Fcntl,
                new StepNote("keep the channel from the program"),
                channel,
                Argument.Constant(2, "F_SETFD"),
                Argument.Constant(1, "FD_CLOEXEC"));
            program.Channel = channel;
        }
    }
}

/// <summary>What the engine supplies to a program that executes the runner, besides what its own start supplies.</summary>
internal readonly record struct RunnerInputs(StepValue Program, StepValue Frame, StepValue Channel, StepValue Runner);
