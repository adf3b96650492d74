using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isolation.Syscalls.Children;

/// <summary>A step as the stub reads it. The layout is known to stub.x64.S and stub.arm64.S.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeStep
{
    public uint Call;
    public uint ResultSlot;
    public ErrnoSet Tolerates;
    public ArgumentValues Arguments;
    public ArgumentKinds Kinds;
    public StepFlags Flags;
    private readonly byte _unused;

    [InlineArray(StepNote.MaxTolerated)]
    internal struct ErrnoSet
    {
        private ushort _first;
    }

    [InlineArray(6)]
    internal struct ArgumentValues
    {
        private long _first;
    }

    [InlineArray(6)]
    internal struct ArgumentKinds
    {
        private ArgumentKind _first;
    }
}
