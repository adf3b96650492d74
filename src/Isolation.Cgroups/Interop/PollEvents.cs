using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Cgroups.Interop;

/// <summary>poll(2) for files of cgroupfs, which tell a change since they were last read by POLLPRI.</summary>
internal static unsafe class PollEvents
{
    private const short Priority = 2;

    /// <summary>Waits for a change since the file was last read, or until the time is up.</summary>
    public static void WaitForChange(int descriptor, TimeSpan timeout)
    {
        var entry = new Entry { Descriptor = descriptor, Events = Priority };
        long* time = stackalloc long[2];
        time[0] = (long)timeout.TotalSeconds;
        time[1] = timeout.Ticks % TimeSpan.TicksPerSecond * 100;
        long result = Sys.Call(SyscallNumber.Ppoll, (nint)(&entry), 1, (nint)time, 0, 8);
        if (result < 0 && result != -(long)Errno.EINTR)
            throw new LinuxException("wait for", "a change of a cgroup", (Errno)(-result), "ppoll");
    }

    private struct Entry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
