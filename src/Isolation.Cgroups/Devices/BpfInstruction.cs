using System.Runtime.InteropServices;

namespace Isolation.Cgroups.Devices;

/// <summary>struct bpf_insn of linux/bpf.h.</summary>
/// <param name="Code">Operation, size and mode.</param>
/// <param name="Registers">The destination in the low four bits, the source in the high ones.</param>
/// <param name="Offset">Of a load or a jump.</param>
/// <param name="Immediate">The constant.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BpfInstruction(byte Code, byte Registers, short Offset, int Immediate);

/// <summary>The registers of a BPF program.</summary>
internal enum BpfRegister : byte
{
    /// <summary>The result.</summary>
    R0 = 0,

    /// <summary>The context, at the beginning.</summary>
    R1 = 1,
    R2 = 2,
    R3 = 3,
    R4 = 4,
    R5 = 5,
}
