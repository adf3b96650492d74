using System.Runtime.InteropServices;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Syscalls.Children;

/// <summary>
/// The frame of a program in the runner: a file that the runner maps and we read. Whoever can trace the program's process
/// can write to it, so what is read is numbers to be checked, never addresses.
/// </summary>
internal sealed unsafe class RunnerFrame : IDisposable
{
    private bool _shared;

    public RunnerFrame(SyscallProgram program, Fault? fault)
    {
        byte[] content = new byte[RunnerLayout.ValuesOffset + ((SyscallProgramBuilder.EngineInputs + program.Inputs.Length) * sizeof(long))];
        MemoryMarshal.Write(content, new ChildFrame
        {
            Steps = (NativeStep*)RunnerLayout.ProgramAddress,
            StepCount = (uint)program.Steps.Length,
            Values = (long*)(RunnerLayout.FrameAddress + RunnerLayout.ValuesOffset),
            FaultStep = fault?.Step ?? ChildFrame.NoStep,
            FaultErrno = (uint)(fault?.Errno ?? Errno.None),
            Hold = fault?.Hold ?? default,
            AllSignals = ulong.MaxValue,
        });
        Span<long> values = MemoryMarshal.Cast<byte, long>(content.AsSpan(RunnerLayout.ValuesOffset));
        values[SyscallProgramBuilder.RunnerChannel.Slot] = RunnerLayout.ChannelDescriptor;
        values[SyscallProgramBuilder.ManagerId.Slot] = Environment.ProcessId;
        for (int i = SyscallProgramBuilder.EngineInputs; i < program.Inputs.Length; i++)
            values[i] = RunnerLayout.FirstInput + i - SyscallProgramBuilder.EngineInputs;
        Handle = MemoryFile.CreateShared("isolation-frame", content, (int)RunnerLayout.FrameSize);
    }

    public SafeFileHandle Handle { get; }

    /// <summary>The frame as it is now.</summary>
    public ChildFrame Read()
    {
        ChildFrame frame;
        Read(&frame, sizeof(ChildFrame), 0);
        return frame;
    }

    /// <summary>The results of the steps so far.</summary>
    public long[] ReadValues(int count)
    {
        long[] values = new long[count];
        fixed (long* first = values)
            Read(first, count * sizeof(long), RunnerLayout.ValuesOffset);
        return values;
    }

    /// <summary>Keeps the file open beyond this start, for who waits for the container's end.</summary>
    public RunnerFrame Share()
    {
        _shared = true;
        return this;
    }

    /// <summary>How the main program of an init ended, when the init itself has ended.</summary>
    public ProcessExit OfMainProgram(ProcessExit init)
    {
        ChildFrame frame = Read();
        return frame.MainEnded == 0 ? init : ProcessExit.FromWaitStatus(frame.MainStatus) with { ResourceUsage = init.ResourceUsage };
    }

    /// <summary>Closes the file, unless it is shared: then its new owner does.</summary>
    public void Dispose()
    {
        if (!_shared)
            Handle.Dispose();
    }

    private void Read(void* memory, int length, int offset)
        => Sys.Check("read", "the frame of a program", SyscallNumber.Pread64, Handle.DangerousGetHandle(), (nint)memory, length, offset);
}
