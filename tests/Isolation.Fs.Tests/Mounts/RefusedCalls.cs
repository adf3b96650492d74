using System.Runtime.InteropServices;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Fs.Tests;

/// <summary>In a fresh process: calls that this thread is refused from now on, by a filter as container engines have them (seccomp(2)). strace(1) knows only calls of its time.</summary>
internal static unsafe class RefusedCalls
{
    private const int SetSeccomp = 22, Filter = 2;
    private const uint Allow = 0x7fff0000, Error = 0x00050000;
    private const ushort Load = 0x20, JumpEqual = 0x15, Return = 0x06;

    public static void Refuse(Errno errno, params SyscallNumber[] calls)
    {
        // struct seccomp_data begins with the number of the call. A jump goes over the rest of the numbers and what allows all others.
        Instruction[] filter =
        [
            new(Load, 0, 0, 0),
            .. calls.Select((c, i) => new Instruction(JumpEqual, (byte)(calls.Length - i), 0, (uint)c.Number)),
            new(Return, 0, 0, Allow),
            new(Return, 0, 0, Error | (uint)errno),
        ];
        fixed (Instruction* first = filter)
        {
            var program = new FilterProgram { Length = (ushort)filter.Length, First = (nint)first };
            Sys.Check("refuse", "calls", SyscallNumber.Prctl, SetSeccomp, Filter, (nint)(&program));
        }
    }

    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public nint First;
    }
}
