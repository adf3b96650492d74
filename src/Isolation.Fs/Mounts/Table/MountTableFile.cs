using System.Buffers;
using System.Globalization;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountCallConstants;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>An open mountinfo. It stays with the mount namespace that it was opened in.</summary>
internal sealed unsafe class MountTableFile : IDisposable
{
    private const int MaxAttempts = 20;

    private readonly string _path;

    private MountTableFile(string path, SafeFileHandle handle)
    {
        _path = path;
        Handle = handle;
    }

    public SafeFileHandle Handle { get; }

    /// <summary>That of a process, or of this thread: /proc/self would be that of the main thread.</summary>
    public static MountTableFile Open(int? processId)
    {
        string path = processId is { } id ? string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/mountinfo") : "/proc/thread-self/mountinfo";
        fixed (byte* name = PathText.Encode(path))
            return new MountTableFile(path, new SafeFileHandle((nint)Sys.Check("open", path, SyscallNumber.OpenAt, AtFdCwd, (nint)name, CloseOnExec), ownsHandle: true));
    }

    /// <summary>Reads it whole. It takes many calls, between which mounts come and go, so that one that was disturbed is read again.</summary>
    public PooledMountTable Read()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            HasChanged();
            for (int attempt = 1; ; attempt++)
            {
                int length = ReadOnce(ref buffer);
                if (!HasChanged() || attempt == MaxAttempts)
                    return new PooledMountTable(buffer, length);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public void Dispose() => Handle.Dispose();

    private int ReadOnce(ref byte[] buffer)
    {
        int length = 0, read;
        while ((read = ReadAt(buffer.AsSpan(length), length)) > 0)
        {
            length += read;
            if (length < buffer.Length)
                continue;
            byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        return length;
    }

    private int ReadAt(Span<byte> room, long offset)
    {
        using var use = new DescriptorUse(Handle);
        fixed (byte* bytes = room)
            return (int)Sys.Check("read", _path, SyscallNumber.Pread64, use.Descriptor, (nint)bytes, room.Length, (nint)offset);
    }

    // proc_pid_mounts(5): POLLPRI once after each change. To ask takes the answer away.
    private bool HasChanged()
    {
        using var use = new DescriptorUse(Handle);
        long entry = (uint)use.Descriptor | ((long)PollPriority << 32);
        Timespec now = TimeSpan.Zero;
        Sys.Call(SyscallNumber.Ppoll, (nint)(&entry), 1, (nint)(&now), 0, 8);
        return ((entry >> 48) & PollPriority) != 0;
    }
}
