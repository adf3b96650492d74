using System.Runtime.InteropServices;
using System.Text;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Tests;

/// <summary>Programs in the runner: what the manager believes of them, and what it is told.</summary>
public class RunnerTests
{
    private static readonly StepNote s_note = new("test");

    [LinuxFact]
    public void A_program_goes_on_in_a_fresh_address_space_with_what_it_was_passed()
    {
        (DescriptorStream stream, SafeHandle write) = DescriptorStream.CreatePipe(childWrites: true);
        using (stream)
        using (write)
        {
            Run([write], (rest, inputs) => rest.Call(SyscallNumber.Write, s_note, inputs[0], rest.Text("from the runner"), 15));
            byte[] bytes = new byte[100];
            Assert.Equal("from the runner", Encoding.UTF8.GetString(bytes, 0, stream.Read(bytes)));
        }
    }

    [LinuxFact]
    public void A_failed_step_is_counted_through_both_programs()
    {
        int before = 0;
        LinuxException error = Assert.Throws<LinuxException>(() => Run([], (rest, _) => rest.Call(SyscallNumber.Close, new StepNote("close", "nothing"), -1), steps => before = steps));
        Assert.Equal(("close", "nothing", Errno.EBADF, before), (error.Operation, error.Target, error.Errno, error.Step));
    }

    [LinuxFact]
    public void A_process_that_is_no_child_is_not_taken_over()
    {
        Run([], static (_, _) => { });

        // prctl(2), PR_GET_PDEATHSIG writes the signal, 1, where the number of the program's process stands: process 1 is not ours.
        using var nothingLeft = new ResidueCheck();
        LinuxException error = Assert.Throws<LinuxException>(() => Run([], (rest, _) =>
        {
            rest.ForkInto("nothing");
            rest.Call(SyscallNumber.Prctl, s_note, Argument.Constant(1, "PR_SET_PDEATHSIG"), 1);
            rest.Call(SyscallNumber.Prctl, s_note, Argument.Constant(2, "PR_GET_PDEATHSIG"), new Argument(ArgumentKind.Frame, ChildFrame.ProcessIdOffset, "&process_id"));
            rest.Gate(RunnerSteps.TakeOverGate);
        }));
        Assert.Equal(("find", "the program's process", Errno.ESRCH), (error.Operation, error.Target, error.Errno));
    }

    [LinuxFact]
    public void An_answer_of_another_gate_opens_no_gate()
    {
        // The first gate's answer is 1, and each later one's is another: a word left over from before is not taken for it.
        var rest = SyscallProgramBuilder.ForRunner(isProcessOne: false);
        rest.Gate("one");
        rest.Gate("two");
        SyscallProgram program = rest.Build();
        Assert.Equal([1, 2], program.Steps.Where(s => s.Call == SyscallNumber.Futex).Select(s => s.Arguments[5].Value));
    }

    private static void Run(SafeHandle[] passed, Action<SyscallProgramBuilder, StepValue[]> describe, Action<int>? stepsBefore = null)
    {
        var program = new SyscallProgramBuilder();
        StepValue[] inputs = [.. passed.Select((_, i) => program.Input($"passed{i}"))];
        RunnerInputs runner = program.RunnerInputs();
        HandOver.Begin(program, detached: false);
        program.ExecuteRunner(runner, inputs);
        stepsBefore?.Invoke(program.Count);
        var rest = SyscallProgramBuilder.ForRunner(isProcessOne: false);
        StepValue[] received = [.. passed.Select((_, i) => rest.Input($"passed{i}"))];
        describe(rest, received);
        if (!rest.Build().Gates.Contains(RunnerSteps.TakeOverGate))
        {
            rest.ForkInto("nothing");
            rest.Gate(RunnerSteps.TakeOverGate);
        }

        HandOver.UnblockSignals(rest);
        HandOver.Execute(rest, "/bin/true", ["/bin/true"], ["true"], [], static _ => null);
        using ChildProcess child = ChildProcess.Start(new ChildStartInfo(program.Build(rest.Build())) { Inputs = [.. passed.Select(p => (long)p.DangerousGetHandle())] });
        Assert.Equal(0, child.WaitForExit().Status);
    }
}
