using System.Buffers.Binary;
using System.Globalization;

namespace Isolation.Syscalls.Interop;

/// <summary>The capability sets of a thread that capset(2) sets.</summary>
internal readonly record struct CapabilitySets(ulong Effective, ulong Permitted, ulong Inheritable)
{
    /// <summary>From /proc/thread-self/status (proc_pid_status(5)).</summary>
    public static CapabilitySets OfThisThread()
    {
        ulong effective = 0, permitted = 0, inheritable = 0;
        foreach (string line in File.ReadLines("/proc/thread-self/status"))
        {
            if (line.StartsWith("CapInh:", StringComparison.Ordinal))
                inheritable = Parse(line);
            else if (line.StartsWith("CapPrm:", StringComparison.Ordinal))
                permitted = Parse(line);
            else if (line.StartsWith("CapEff:", StringComparison.Ordinal))
                effective = Parse(line);
        }

        return new CapabilitySets(effective, permitted, inheritable);
    }

    /// <summary>Two struct __user_cap_data_struct: the low halves, then the high ones.</summary>
    public byte[] ToKernel()
    {
        byte[] data = new byte[24];
        for (int half = 0; half < 2; half++)
        {
            Span<byte> part = data.AsSpan(half * 12);
            BinaryPrimitives.WriteUInt32LittleEndian(part, (uint)(Effective >> (32 * half)));
            BinaryPrimitives.WriteUInt32LittleEndian(part[4..], (uint)(Permitted >> (32 * half)));
            BinaryPrimitives.WriteUInt32LittleEndian(part[8..], (uint)(Inheritable >> (32 * half)));
        }

        return data;
    }

    private static ulong Parse(string line) => ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
