using Isolation.Cgroups.Files;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Cgroups.Interop.FileConstants;

namespace Isolation.Cgroups;

/// <summary>The most memory that is used while this is open, or since <see cref="Reset"/>. Others see their own.</summary>
public sealed class MemoryPeak : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _cgroup, _file;

    internal MemoryPeak(CgroupDirectory directory, string file)
    {
        _cgroup = directory.Path;
        _file = file;
        _handle = directory.OpenFile(file, ReadWrite);
        try
        {
            Reset();
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <summary>Bytes.</summary>
    public long Bytes
    {
        get
        {
            Span<byte> text = stackalloc byte[32];
            return FlatKeyed.Number(text[..FileReader.Read(_handle, text, 0, _cgroup, _file)]);
        }
    }

    /// <summary>Counts anew from now.</summary>
    /// <exception cref="CgroupException">EINVAL: this kernel cannot (Linux 6.12 can).</exception>
    public unsafe void Reset()
    {
        byte anything = (byte)'0';
        long result = Sys.Call(SyscallNumber.Write, _handle.DangerousGetHandle(), (nint)(&anything), 1);
        if (result < 0)
            throw Hints.Failure("write", _cgroup, _file, "0", (Errno)(-result), "write", "Counting anew needs Linux 6.12");
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => _handle.Dispose();
}
