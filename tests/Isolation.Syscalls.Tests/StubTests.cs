using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Isolation.Syscalls.Children;

namespace Isolation.Syscalls.Tests;

/// <summary>That the machine code is what the assembler makes of its sources, and that both sides agree on the layout.</summary>
public sealed unsafe partial class StubTests
{
    [LinuxFact(Needs.X64 | Needs.CCompiler | Needs.Sdk)]
    public void The_x64_bytes_are_those_of_the_assembler()
    {
        AssertSame(Assemble("as", "objcopy", "stub.x64.S"), ChildStub.X64, "ChildStub.X64");
        AssertSame(Assemble("as", "objcopy", "runner.x64.S"), Runner.X64, "Runner.X64");
    }

    [LinuxFact(Needs.Arm64Assembler | Needs.Sdk)]
    public void The_arm64_bytes_are_those_of_the_assembler()
    {
        AssertSame(Assemble("aarch64-linux-gnu-as", "aarch64-linux-gnu-objcopy", "stub.arm64.S"), ChildStub.Arm64, "ChildStub.Arm64");
        AssertSame(Assemble("aarch64-linux-gnu-as", "aarch64-linux-gnu-objcopy", "runner.arm64.S"), Runner.Arm64, "Runner.Arm64");
    }

    [LinuxFact]
    public void The_stubs_fit_into_a_page()
    {
        Assert.InRange(ChildStub.X64.Length, 1, 4096);
        Assert.InRange(ChildStub.Arm64.Length, 1, 4096);
        Assert.InRange(Runner.X64.Length, 1, 4096);
        Assert.InRange(Runner.Arm64.Length, 1, 4096);
    }

    [LinuxTheory(Needs.Sdk)]
    [InlineData("x64")]
    [InlineData("arm64")]
    public void The_offsets_in_the_assembler_source_are_those_of_the_structures(string architecture)
    {
        Dictionary<string, long> ours = Layout();
        List<string> wrong = [];
        foreach ((string name, long value) in Constants(architecture).Where(c => c.Key.StartsWith("frame_", StringComparison.Ordinal) || c.Key.StartsWith("step_", StringComparison.Ordinal) || c.Key.StartsWith("runner_", StringComparison.Ordinal)))
        {
            if (!ours.TryGetValue(name, out long offset))
                wrong.Add($"{name} is no field that this test knows");
            else if (offset != value)
                wrong.Add($"{name} is 0x{value:x} in the sources for {architecture} and 0x{offset:x} in C#");
        }

        CProgram.AssertNone(wrong);
    }

    [LinuxFact(Needs.Sdk)]
    public void Both_sources_have_the_same_layout()
    {
        static IEnumerable<KeyValuePair<string, long>> OfLayout(string architecture)
            => Constants(architecture).Where(c => !c.Key.StartsWith("NR_", StringComparison.Ordinal)).OrderBy(c => c.Key, StringComparer.Ordinal);
        Assert.Equal(OfLayout("x64"), OfLayout("arm64"));
    }

    [LinuxFact]
    public void The_addresses_that_steps_wait_on_are_those_of_the_fields()
    {
        ChildFrame frame;
        Assert.Equal(ChildFrame.AttentionOffset, (byte*)&frame.Attention - (byte*)&frame);
        Assert.Equal(ChildFrame.GateOffset, (byte*)&frame.Gate - (byte*)&frame);
        Assert.Equal(ChildFrame.ProcessIdOffset, (byte*)&frame.ProcessId - (byte*)&frame);
        Assert.Equal(ChildFrame.AnswerOffset, (byte*)&frame.Answer - (byte*)&frame);
        Assert.Equal(ChildFrame.HelperIdOffset, (byte*)&frame.HelperId - (byte*)&frame);
    }

    [LinuxFact]
    public void The_runner_has_room_for_the_largest_program()
    {
        Assert.InRange(sizeof(ChildFrame), 1, RunnerLayout.ValuesOffset);
        Assert.InRange(RunnerLayout.ValuesOffset + ((SyscallProgramBuilder.MaxSteps + SyscallProgramBuilder.MaxInputs) * sizeof(long)), 1, RunnerLayout.FrameSize);
        Assert.InRange(SyscallProgramBuilder.MaxMemory + (SyscallProgramBuilder.MaxSteps * sizeof(NativeStep)), 1, RunnerLayout.ProgramSize);
        Assert.InRange(RunnerLayout.ProgramAddress + RunnerLayout.ProgramSize, 1, RunnerLayout.FrameAddress);
    }

    [LinuxFact]
    public void The_numbers_that_the_stub_compares_are_those_of_the_enums()
    {
        Assert.Equal(2, (int)ArgumentKind.Value);
        Assert.Equal(3, (int)ArgumentKind.Frame);
        Assert.True(ArgumentKind.Constant < ArgumentKind.Value);
        Assert.Equal(1, (int)StepFlags.Announce);
        Assert.Equal(2, (int)StepFlags.Repeat);
        Assert.Equal(4, (int)StepFlags.Fork);
        Assert.Equal(8, (int)StepFlags.Stay);
    }

    [LinuxTheory(Needs.Sdk | Needs.CCompiler | Needs.X64)]
    [InlineData("x64")]
    [InlineData("arm64")]
    public void The_call_numbers_in_the_assembler_source_are_those_of_the_headers(string architecture)
    {
        (string Name, long Value)[] ours = [.. Constants(architecture).Where(c => c.Key.StartsWith("NR_", StringComparison.Ordinal)).Select(c => ("__" + c.Key, c.Value))];
        Assert.NotEmpty(ours);
        CProgram.AssertSame(ours, CProgram.Values(architecture == "x64" ? HeaderTests.X64Numbers : HeaderTests.Arm64Numbers, ours.Select(o => o.Name)));
    }

    // Every field of both structures, named as the sources would name it.
    private static Dictionary<string, long> Layout()
    {
        ChildFrame frame;
        NativeStep step;
        byte* f = (byte*)&frame, s = (byte*)&step;
        return new Dictionary<string, long>
        {
            ["frame_steps"] = (byte*)&frame.Steps - f,
            ["frame_values"] = (byte*)&frame.Values - f,
            ["frame_step_count"] = (byte*)&frame.StepCount - f,
            ["frame_progress"] = (byte*)&frame.Progress - f,
            ["frame_failed_step"] = (byte*)&frame.FailedStep - f,
            ["frame_failed_errno"] = (byte*)&frame.FailedErrno - f,
            ["frame_fault_step"] = (byte*)&frame.FaultStep - f,
            ["frame_fault_errno"] = (byte*)&frame.FaultErrno - f,
            ["frame_attention"] = (byte*)&frame.Attention - f,
            ["frame_gate"] = (byte*)&frame.Gate - f,
            ["frame_all_signals"] = (byte*)&frame.AllSignals - f,
            ["frame_old_signals"] = (byte*)&frame.OldSignals - f,
            ["frame_clone_call"] = (byte*)&frame.CloneCall - f,
            ["frame_clone_args"] = (byte*)&frame.CloneArgs - f,
            ["frame_arguments"] = (byte*)&frame.Scratch - f,
            ["frame_hold"] = (byte*)&frame.Hold - f,
            ["frame_main_status"] = (byte*)&frame.MainStatus - f,
            ["frame_main_ended"] = (byte*)&frame.MainEnded - f,
            ["runner_base"] = 0x400000,
            ["runner_program"] = RunnerLayout.ProgramAddress,
            ["runner_program_size"] = RunnerLayout.ProgramSize,
            ["runner_frame"] = RunnerLayout.FrameAddress,
            ["runner_frame_size"] = RunnerLayout.FrameSize,
            ["runner_program_fd"] = RunnerLayout.ProgramDescriptor,
            ["runner_frame_fd"] = RunnerLayout.FrameDescriptor,
            ["runner_channel_fd"] = RunnerLayout.ChannelDescriptor,
            ["step_call"] = (byte*)&step.Call - s,
            ["step_result_slot"] = (byte*)&step.ResultSlot - s,
            ["step_tolerates"] = (byte*)&step.Tolerates - s,
            ["step_arguments"] = (byte*)&step.Arguments - s,
            ["step_kinds"] = (byte*)&step.Kinds - s,
            ["step_flags"] = (byte*)&step.Flags - s,
            ["step_size"] = sizeof(NativeStep),
        };
    }

    private static string Folder => Path.Combine(Machine.Repository!, "src/Isolation.Syscalls/Children");

    // Those of all sources; the same name means the same in each.
    private static Dictionary<string, long> Constants(string architecture)
        => ((string[])["interpreter", "stub", "runner"]).SelectMany(f => Setting().Matches(File.ReadAllText(Path.Combine(Folder, $"{f}.{architecture}.S")))).ToDictionary(
            m => m.Groups["name"].Value,
            m => m.Groups["hex"].Success
                ? long.Parse(m.Groups["hex"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : long.Parse(m.Groups["decimal"].ValueSpan, CultureInfo.InvariantCulture));

    private static byte[] Assemble(string assembler, string objcopy, string source)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("isolation-stub-");
        try
        {
            string compiled = Path.Combine(folder.FullName, "stub.o"), code = Path.Combine(folder.FullName, "stub.bin");
            Command.Run(assembler, "-I", Folder, "-o", compiled, Path.Combine(Folder, source)).EnsureSuccess();
            Command.Run(objcopy, "-O", "binary", "-j", ".text", compiled, code).EnsureSuccess();
            return File.ReadAllBytes(code);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertSame(byte[] assembled, ReadOnlySpan<byte> carried, string property)
    {
        if (assembled.AsSpan().SequenceEqual(carried))
            return;
        var text = new StringBuilder($"{property} is not what the assembler makes of its source. The right bytes:\n\n");
        foreach (byte[] line in assembled.Chunk(16))
            text.Append("        ").AppendJoin(", ", line.Select(b => $"0x{b:x2}")).Append(",\n");
        Assert.Fail(text.ToString());
    }

    [GeneratedRegex(@"^\s*\.set\s+(?<name>\w+)\s*,\s*(0x(?<hex>[0-9a-fA-F]+)|(?<decimal>\d+))", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
