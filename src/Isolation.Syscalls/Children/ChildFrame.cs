using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Children;

/// <summary>
/// The memory that a child and its manager share during a start: what to clone, how far the child is, what failed, and
/// the values of the program. The layout is known to stub.x64.S and stub.arm64.S.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ChildFrame
{
    /// <summary>Where <see cref="Attention"/> and <see cref="Gate"/> lie, for the steps that wait on them.</summary>
    public const int AttentionOffset = 0x28, GateOffset = 0x2c;

    /// <summary>Where the fields lie that only a program in the runner uses.</summary>
    public const int ProcessIdOffset = 0x10c, AnswerOffset = 0x110, HelperIdOffset = 0x11c;

    /// <summary>In <see cref="FaultStep"/>: no fault.</summary>
    public const uint NoStep = uint.MaxValue;

    /// <summary>In <see cref="Attention"/>: the child shares our memory, and has come to no gate yet.</summary>
    public const uint AtWork = 1;

    /// <summary>Set in <see cref="Attention"/> when the spawner thread has come back from the clone.</summary>
    public const uint Over = 0x8000_0000;

    public NativeStep* Steps;
    public long* Values;
    public uint StepCount;

    /// <summary>The index of the step that runs; <see cref="StepCount"/> after the last.</summary>
    public uint Progress;
    public uint FailedStep;
    public uint FailedErrno;

    /// <summary>For tests: this step fails with <see cref="FaultErrno"/>, or is held for <see cref="Hold"/> when that is 0.</summary>
    public uint FaultStep;
    public uint FaultErrno;

    /// <summary>
    /// <see cref="AtWork"/> plus the number of gates that the child has come to; 0 when it has let go of our memory (the kernel
    /// writes that: CLONE_CHILD_CLEARTID); with <see cref="Over"/>. A futex of the manager.
    /// </summary>
    public uint Attention;

    /// <summary>How many gates the manager has opened. A futex of the child.</summary>
    public uint Gate;
    public ulong AllSignals;
    public ulong OldSignals;
    public long CloneCall;
    public CloneArguments CloneArgs;
    public CloneArguments6 Scratch;

    /// <summary>For tests: how long a step is held.</summary>
    public Timespec Hold;

    /// <summary>clone3's own argument; the frame holds it so that it is at a fixed address.</summary>
    public CloneArgs Clone3;

    /// <summary>Written by the kernel before the child runs (CLONE_PIDFD, CLONE_PARENT_SETTID).</summary>
    public int PidFd;
    public int ProcessId;

    /// <summary>In the runner: the number of the gate that the manager has opened last.</summary>
    public uint Answer;

    /// <summary>In the runner as init: the wait status of the main program, once <see cref="MainEnded"/> is 1.</summary>
    public int MainStatus;
    public uint MainEnded;

    /// <summary>In the runner: the process between the first one and <see cref="ProcessId"/>, if there is one (CLONE_PARENT_SETTID).</summary>
    public int HelperId;

    [InlineArray(5)]
    internal struct CloneArguments
    {
        private long _first;
    }

    [InlineArray(6)]
    internal struct CloneArguments6
    {
        private long _first;
    }
}
