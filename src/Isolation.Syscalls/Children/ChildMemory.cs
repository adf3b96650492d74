using Isolation.Syscalls.Interop;
using Tmds.Linux;

namespace Isolation.Syscalls.Children;

/// <summary>A frame and its child's stack, in memory of their own: below the stack lies a page that faults.</summary>
internal sealed unsafe class ChildMemory
{
    private const int StackSize = 16 << 10;
    private const int ExtraSize = 64;
    private const int MaxValues = SyscallProgramBuilder.MaxSteps + SyscallProgramBuilder.MaxInputs + ClonePrologue.MaxSteps;

    private readonly byte* _stack;

    public ChildMemory()
    {
        int page = Environment.SystemPageSize;
        nint size = page + StackSize + sizeof(ChildFrame) + ExtraSize + (MaxValues * sizeof(long));
        const int Private = 0x02, Anonymous = 0x20;
        byte* memory = (byte*)Sys.Check("map", "a child's memory", SyscallNumber.Mmap, 0, size, LibC.PROT_READ | LibC.PROT_WRITE, Private | Anonymous, -1);
        Sys.Check("protect", "the guard page of a child's stack", SyscallNumber.Mprotect, (nint)memory, page, LibC.PROT_NONE);
        _stack = memory + page;
        Frame = (ChildFrame*)(_stack + StackSize);
        Values = (long*)((byte*)(Frame + 1) + ExtraSize);
    }

    /// <summary>The frame. It is never unmapped: memory is pooled for the life of the process.</summary>
    public ChildFrame* Frame { get; }

    public long* Values { get; }

    /// <summary>A little memory beside the frame, zero at first, for its owner.</summary>
    public T* Extra<T>()
        where T : unmanaged
        => (T*)(Frame + 1);

    /// <summary>Makes the frame ready for a start of <paramref name="program"/>.</summary>
    public void Prepare(SyscallProgram program, in ChildStartInfo start)
    {
        ProgramImage image = program.Image;
        *Frame = new ChildFrame
        {
            Steps = image.Steps,
            StepCount = (uint)image.StepCount,
            Values = Values,
            // The program may begin with steps that the caller does not know of.
            FaultStep = start.Fault is { } fault ? fault.Step + (uint)(program.Steps.Length - start.Program.Steps.Length) : ChildFrame.NoStep,
            FaultErrno = (uint)(start.Fault?.Errno ?? Errno.None),
            Hold = start.Fault?.Hold ?? default,
            Attention = ChildFrame.AtWork,
            AllSignals = ulong.MaxValue,
            PidFd = -1,
            Clone3 = new CloneArgs
            {
                Flags = start.CloneFlags | CloneFlags.Vm | CloneFlags.VFork | CloneFlags.PidFd | CloneFlags.ParentSetTid,
                PidFd = (ulong)&Frame->PidFd,
                ParentTid = (ulong)&Frame->ProcessId,
                ChildTid = (ulong)&Frame->Attention,
                Stack = (ulong)_stack,
                StackSize = StackSize,
            },
        };
        start.Inputs.CopyTo(new Span<long>(Values + SyscallProgramBuilder.EngineInputs, start.Inputs.Length));
    }

    /// <summary>clone3(2), the way it should be.</summary>
    public void UseClone3(int cgroup)
    {
        Frame->Clone3.Flags |= CloneFlags.ClearSigHand | CloneFlags.ChildClearTid;
        if (cgroup >= 0)
        {
            Frame->Clone3.Flags |= CloneFlags.IntoCgroup;
            Frame->Clone3.Cgroup = (ulong)cgroup;
        }

        Frame->CloneCall = SyscallNumber.Clone3.Number;
        Frame->CloneArgs[0] = (nint)(&Frame->Clone3);
        Frame->CloneArgs[1] = sizeof(CloneArgs);
    }

    /// <summary>clone(2), where a seccomp profile refuses clone3. It knows neither cgroups nor CLONE_CLEAR_SIGHAND.</summary>
    public void UseClone()
    {
        Frame->CloneCall = SyscallNumber.Clone.Number;

        // clone(2): the pidfd goes where CLONE_PARENT_SETTID would write, so the two exclude each other.
        Frame->CloneArgs[0] = (long)(Frame->Clone3.Flags & ~(CloneFlags.ParentSetTid | ClonePrologue.Unshared));
        Frame->CloneArgs[1] = (nint)(_stack + StackSize);
        Frame->CloneArgs[2] = (nint)(&Frame->PidFd);
        Frame->CloneArgs[3] = 0;
        Frame->CloneArgs[4] = 0;
    }
}
