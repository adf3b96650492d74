using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Syscalls.Children;

namespace Isolation.Syscalls;

/// <summary>A program as the stub reads it: native steps and the memory that they point to, at a fixed address.</summary>
internal sealed unsafe class ProgramImage
{
    // Pinned for its life, so addresses inside it are constants, and freed by the collector like anything else.
    private readonly byte[] _image;

    public ProgramImage(ImmutableArray<SyscallStep> steps, byte[] memory, ImmutableArray<(int Location, int Target)> pointers)
    {
        int stepBytes = checked(steps.Length * sizeof(NativeStep));
        _image = GC.AllocateUninitializedArray<byte>(checked(stepBytes + memory.Length), pinned: true);
        byte* start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_image));
        byte* data = start + stepBytes;
        memory.CopyTo(_image, stepBytes);
        foreach ((int location, int target) in pointers)
            *(byte**)(data + location) = data + target;

        Steps = (NativeStep*)start;
        StepCount = steps.Length;
        for (int i = 0; i < steps.Length; i++)
            Steps[i] = Lower(steps[i], data);
    }

    public NativeStep* Steps { get; }

    public int StepCount { get; }

    private static NativeStep Lower(SyscallStep step, byte* data)
    {
        var native = new NativeStep { Call = (uint)step.Call.Number, ResultSlot = (uint)step.ResultSlot, Flags = step.Flags };
        for (int i = 0; i < step.Note.Tolerates.Length; i++)
            native.Tolerates[i] = (ushort)step.Note.Tolerates[i];
        for (int i = 0; i < step.Arguments.Length; i++)
        {
            Argument argument = step.Arguments[i];
            bool inMemory = argument.Kind == ArgumentKind.Memory;
            native.Kinds[i] = inMemory ? ArgumentKind.Constant : argument.Kind;
            native.Arguments[i] = inMemory ? (nint)(data + argument.Value) : argument.Value;
        }

        return native;
    }
}
