using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink.Tests;

/// <summary>The smallest BPF programs for packets (bpf(2)).</summary>
internal static unsafe class BpfProgram
{
    // BPF_PROG_LOAD; BPF_PROG_TYPE_SCHED_CLS.
    private const int Load = 5, SchedulerClassifier = 3;

    private static readonly SyscallNumber s_bpf = SyscallNumber.Custom("bpf", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321);

    /// <summary>A program that returns a number.</summary>
    public static SafeFileHandle Return(int number)
    {
        // BPF_ALU64 | BPF_MOV | BPF_K into r0, then BPF_JMP | BPF_EXIT.
        byte[] instructions = [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(instructions.AsSpan(4), number);
        byte[] license = [.. "GPL\0"u8];
        byte* attributes = stackalloc byte[128];
        new Span<byte>(attributes, 128).Clear();
        fixed (byte* code = instructions, text = license)
        {
            *(int*)attributes = SchedulerClassifier;
            *(int*)(attributes + 4) = instructions.Length / 8;
            *(ulong*)(attributes + 8) = (ulong)code;
            *(ulong*)(attributes + 16) = (ulong)text;
            return new SafeFileHandle((nint)Sys.Check("load", "a BPF program", s_bpf, Load, (nint)attributes, 128), ownsHandle: true);
        }
    }
}
