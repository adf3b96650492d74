using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Syscalls.Children;

namespace Isolation.Syscalls;

/// <summary>A program as the interpreter reads it: native steps and the memory that they point to, at a fixed address.</summary>
internal sealed unsafe class ProgramImage
{
    // Pinned for its life, so addresses inside it are constants, and freed by the collector like anything else.
    private readonly byte[] _image;

    public ProgramImage(ImmutableArray<SyscallStep> steps, byte[] memory, ImmutableArray<(int Location, int Target)> pointers)
    {
        _image = GC.AllocateUninitializedArray<byte>(Size(steps, memory), pinned: true);
        Steps = (NativeStep*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_image));
        StepCount = steps.Length;
        Fill(_image, steps, memory, pointers, (long)Steps);
    }

    public NativeStep* Steps { get; }

    public int StepCount { get; }

    /// <summary>The bytes of a program for another address space, where it will lie at <paramref name="address"/>.</summary>
    public static byte[] For(long address, ImmutableArray<SyscallStep> steps, byte[] memory, ImmutableArray<(int Location, int Target)> pointers)
    {
        byte[] image = new byte[Size(steps, memory)];
        Fill(image, steps, memory, pointers, address);
        return image;
    }

    private static int Size(ImmutableArray<SyscallStep> steps, byte[] memory) => checked((steps.Length * sizeof(NativeStep)) + memory.Length);

    private static void Fill(byte[] image, ImmutableArray<SyscallStep> steps, byte[] memory, ImmutableArray<(int Location, int Target)> pointers, long address)
    {
        int stepBytes = steps.Length * sizeof(NativeStep);
        long data = address + stepBytes;
        memory.CopyTo(image, stepBytes);
        foreach ((int location, int target) in pointers)
            MemoryMarshal.Write(image.AsSpan(stepBytes + location), data + target);
        Span<NativeStep> native = MemoryMarshal.Cast<byte, NativeStep>(image.AsSpan(0, stepBytes));
        for (int i = 0; i < steps.Length; i++)
            native[i] = Lower(steps[i], data);
    }

    private static NativeStep Lower(SyscallStep step, long data)
    {
        var native = new NativeStep { Call = (uint)step.Call.Number, ResultSlot = (uint)step.ResultSlot, Flags = step.Flags };
        for (int i = 0; i < step.Note.Tolerates.Length; i++)
            native.Tolerates[i] = (ushort)step.Note.Tolerates[i];
        for (int i = 0; i < step.Arguments.Length; i++)
        {
            Argument argument = step.Arguments[i];
            bool inMemory = argument.Kind == ArgumentKind.Memory;
            native.Kinds[i] = inMemory ? ArgumentKind.Constant : argument.Kind;
            native.Arguments[i] = inMemory ? data + argument.Value : argument.Value;
        }

        return native;
    }
}
