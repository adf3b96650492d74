using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces.Visits;

/// <summary>The lines of /proc/PID/task/TID/status that are of the thread, not of the process, and that time alone does not change (proc_pid_status(5)).</summary>
internal sealed unsafe class ThreadStatus : IDisposable
{
    private const int Room = 8192;

    private readonly SafeFileHandle _file;
    private readonly byte[] _asMade;

    /// <param name="file">The open file, which then belongs to this object.</param>
    public ThreadStatus(SafeFileHandle file)
    {
        _file = file;
        Span<byte> text = stackalloc byte[Room];
        _asMade = Read(text).ToArray();
    }

    /// <summary>Whether they are as they were.</summary>
    public bool IsUnchanged()
    {
        Span<byte> text = stackalloc byte[Room];
        Span<byte> now = Read(text);
        return !now.IsEmpty && now.SequenceEqual(_asMade);
    }

    public void Dispose() => _file.Dispose();

    private Span<byte> Read(Span<byte> text)
    {
        fixed (byte* start = text)
        {
            long length = Sys.Call(SyscallNumber.Pread64, _file.DangerousGetHandle(), (nint)start, text.Length);
            return length <= 0 ? [] : Keep(text[..(int)length]);
        }
    }

    /// <summary>Moves the lines that count to the front, and returns them.</summary>
    private static Span<byte> Keep(Span<byte> text)
    {
        int kept = 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            Span<byte> line = text[range];
            if (line.StartsWith("Umask:"u8) || line.StartsWith("Uid:"u8) || line.StartsWith("Gid:"u8) || line.StartsWith("Groups:"u8)
                || line.StartsWith("SigBlk:"u8) || line.StartsWith("Cap"u8) || line.StartsWith("NoNewPrivs:"u8) || line.StartsWith("Seccomp"u8)
                || line.StartsWith("Speculation"u8) || line.StartsWith("Cpus_allowed:"u8) || line.StartsWith("Mems_allowed:"u8))
            {
                line.CopyTo(text[kept..]);
                kept += line.Length;
            }
        }

        return text[..kept];
    }
}
