using System.Reflection;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Tests;

/// <summary>What a program may not do while its child shares this process's memory, and what it may.</summary>
public sealed class SharedMemoryRulesTests
{
    private static readonly StepNote s_note = new("do", "something");

    [LinuxTheory]
    [InlineData(nameof(SyscallNumber.Mmap))]
    [InlineData(nameof(SyscallNumber.Mprotect))]
    [InlineData(nameof(SyscallNumber.Munmap))]
    [InlineData(nameof(SyscallNumber.Brk))]
    [InlineData(nameof(SyscallNumber.Clone))]
    [InlineData(nameof(SyscallNumber.Clone3))]
    [InlineData(nameof(SyscallNumber.SetTidAddress))]
    public void A_call_that_acts_on_the_memory_is_refused(string call)
        => AssertRefused((SyscallNumber)typeof(SyscallNumber).GetProperty(call, BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!);

    [LinuxTheory(Needs.X64)]
    [InlineData("mlockall", 151)]
    [InlineData("mlock", 149)]
    [InlineData("munlockall", 152)]
    [InlineData("mremap", 25)]
    [InlineData("madvise", 28)]
    [InlineData("ptrace", 101)]
    [InlineData("fork", 57)]
    [InlineData("vfork", 58)]
    [InlineData("process_vm_writev", 311)]
    [InlineData("io_uring_setup", 425)]
    [InlineData("io_uring_enter", 426)]
    [InlineData("io_uring_register", 427)]
    [InlineData("userfaultfd", 323)]
    [InlineData("modify_ldt", 154)]
    [InlineData("arch_prctl", 158)]
    [InlineData("map_shadow_stack", 453)]
    [InlineData("prctl of x32", 0x4000_0000 | 157)]
    [InlineData("a call of the future", 4000)]
    public void A_custom_call_that_may_act_on_the_memory_is_refused(string name, int number) => AssertRefused(SyscallNumber.Custom(name, number));

    [LinuxFact]
    public void A_custom_number_is_judged_as_the_call_that_it_is()
    {
        AssertRefused(SyscallNumber.Custom("harmless", SyscallNumber.Prctl.Number), 4, 0);
        AssertRefused(SyscallNumber.Custom("harmless", SyscallNumber.SetNs.Number), 3, (long)CloneFlags.NewPid);
    }

    [LinuxTheory]
    [InlineData("PR_SET_DUMPABLE", 4)]
    [InlineData("PR_SET_MM", 35)]
    [InlineData("PR_SET_THP_DISABLE", 41)]
    [InlineData("PR_SET_MDWE", 65)]
    [InlineData("PR_SET_VMA", 0x53564d41)]
    [InlineData("PR_SET_PTRACER", 0x59616d61)]
    [InlineData("unknown", 4711)]
    public void A_prctl_that_acts_on_the_memory_is_refused(string name, int option) => AssertRefused(SyscallNumber.Prctl, Argument.Constant(option, name), 1);

    [LinuxFact]
    public void A_prctl_without_a_constant_option_is_refused()
    {
        var program = new SyscallProgramBuilder();
        StepValue option = program.Input("option");
        program.Call(SyscallNumber.Prctl, s_note, option);
        Assert.Throws<InvalidOperationException>(() => SharedMemoryRules.Check(program.Build()));
        AssertRefused(SyscallNumber.Prctl);
        var address = new SyscallProgramBuilder();
        address.Call(SyscallNumber.Prctl, s_note, address.Text("address"));
        Assert.Throws<InvalidOperationException>(() => SharedMemoryRules.Check(address.Build()));
    }

    [LinuxTheory]
    [InlineData("CLONE_NEWUSER", 0x10000000L)]
    [InlineData("CLONE_NEWPID", 0x20000000L)]
    [InlineData("CLONE_NEWTIME", 0x80L)]
    [InlineData("any", 0L)]
    [InlineData("CLONE_NEWNET|CLONE_NEWPID", 0x60000000L)]
    [InlineData("CLONE_NEWNET|CLONE_NEWUSER", 0x50000000L)]
    public void Joining_a_namespace_whose_members_could_read_the_memory_is_refused(string name, long kinds)
        => AssertRefused(SyscallNumber.SetNs, 3, Argument.Constant(kinds, name));

    [LinuxFact]
    public void A_setns_without_a_constant_kind_is_refused()
    {
        var program = new SyscallProgramBuilder();
        StepValue kind = program.Input("kind");
        program.Call(SyscallNumber.SetNs, s_note, 3, kind);
        Assert.Throws<InvalidOperationException>(() => SharedMemoryRules.Check(program.Build()));
        AssertRefused(SyscallNumber.SetNs, 3);
    }

    [LinuxTheory]
    [InlineData("CLONE_NEWNET", 0x40000000L)]
    [InlineData("CLONE_NEWNS", 0x20000L)]
    [InlineData("CLONE_NEWIPC", 0x8000000L)]
    [InlineData("CLONE_NEWUTS", 0x4000000L)]
    [InlineData("CLONE_NEWCGROUP", 0x2000000L)]
    [InlineData("CLONE_NEWNET|CLONE_NEWUTS", 0x44000000L)]
    public void Joining_a_namespace_that_shows_no_processes_is_allowed(string name, long kinds)
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.SetNs, s_note, 3, Argument.Constant(kinds, name));
        SharedMemoryRules.Check(program.Build());
    }

    [LinuxTheory]
    [InlineData("setresuid")]
    [InlineData("setresgid")]
    [InlineData("capset")]
    public void Who_joins_gives_up_no_privileges_where_others_could_see_it(string call)
    {
        SyscallNumber number = call switch { "setresuid" => SyscallNumber.SetResUid, "setresgid" => SyscallNumber.SetResGid, _ => SyscallNumber.Capset };
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.SetNs, s_note, 3, (long)CloneFlags.NewNet);
        program.Call(number, new StepNote("give up", "privileges"), 1000, 1000, 1000);
        SyscallProgram built = program.Build();
        Assert.Contains("give up privileges", Assert.Throws<InvalidOperationException>(() => SharedMemoryRules.Check(built)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => SharedMemoryRules.Check(built, CloneFlags.NewNet));
        SharedMemoryRules.Check(built, CloneFlags.NewPid);
        Assert.Throws<InvalidOperationException>(() => built.EnsureMayShareMemory(0));
        built.EnsureMayShareMemory(CloneFlags.NewPid);
        Assert.Throws<InvalidOperationException>(() => built.EnsureMayShareMemory(0));
    }

    [LinuxFact]
    public void A_refused_program_starts_no_child()
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.Close, s_note, -1);
        program.Call(SyscallNumber.Mmap, new StepNote("map", "memory"));
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => ChildProcess.Start(new ChildStartInfo(program.Build())));
        Assert.Contains("map memory", e.Message, StringComparison.Ordinal);
        Assert.Contains("mmap", e.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(SyscallNumber call, params Argument[] arguments)
    {
        var program = new SyscallProgramBuilder();
        program.Call(call, s_note, arguments);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => SharedMemoryRules.Check(program.Build()));
        Assert.Contains("do something", e.Message, StringComparison.Ordinal);
    }
}
