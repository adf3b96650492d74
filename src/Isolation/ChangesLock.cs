using Isolation.Fs;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

/// <summary>
/// Keeps others from a directory of kept changes as long as a container has it: what two overlays over one upper directory do is undefined
/// (overlayfs.rst, "Sharing and copying layers"). The lock (flock(2)) is the manager's, and ends with it.
/// </summary>
internal sealed class ChangesLock
{
    private readonly SafeFileHandle _directory;
    private int _ended;

    private ChangesLock(SafeFileHandle directory) => _directory = directory;

    /// <summary>Locks a directory.</summary>
    /// <exception cref="LinuxException">EBUSY: another container has it.</exception>
    public static ChangesLock Take(string path)
    {
        const string Operation = "keep the changes of the root file system in";
        const int ExclusiveNow = 2 | 4;
        using RootDirectory directory = RootDirectory.Open(path);
        SafeFileHandle opened = directory.OpenIn(Operation, ".", Tmds.Linux.LibC.O_DIRECTORY);
        long result = Sys.Call(SyscallNumber.Flock, opened.DangerousGetHandle(), ExclusiveNow);
        if (result == 0)
            return new ChangesLock(opened);
        opened.Dispose();
        throw result == -(long)Errno.EAGAIN
            ? new LinuxException(Operation, path, Errno.EBUSY, "flock", "Another container has it, and only one at a time may")
            : new LinuxException(Operation, path, (Errno)(-result), "flock");
    }

    /// <summary>Lets the next one in, the first time. A child that waits at a gate has a copy of the descriptor, so to close it would not do.</summary>
    public void End()
    {
        const int Unlock = 8;
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        Sys.Call(SyscallNumber.Flock, _directory.DangerousGetHandle(), Unlock);
        _directory.Dispose();
    }
}
