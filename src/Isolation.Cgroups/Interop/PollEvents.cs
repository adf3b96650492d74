using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Cgroups.Interop;

/// <summary>poll(2) for files of cgroupfs, which tell a change since they were last read by POLLPRI.</summary>
internal static unsafe class PollEvents
{
    private const short Priority = 2;

    private const short Error = 8;

    /// <summary>Waits for a change since the file was last read, or until the time is up.</summary>
    public static void WaitForChange(int descriptor, TimeSpan timeout) => Wait(descriptor, timeout);

    /// <summary>Waits for a trigger of pressure. Returns false when the time is up.</summary>
    /// <exception cref="LinuxException">ENODEV: the cgroup has been removed.</exception>
    public static bool IsTriggered(int descriptor, TimeSpan timeout)
    {
        short returned = Wait(descriptor, timeout);
        return (returned & Error) == 0 ? (returned & Priority) != 0 : throw new LinuxException("wait for", "pressure of a cgroup", Errno.ENODEV, "ppoll", "The cgroup has been removed");
    }

    private static short Wait(int descriptor, TimeSpan timeout)
    {
        var entry = new Entry { Descriptor = descriptor, Events = Priority };
        long* time = stackalloc long[2];
        time[0] = (long)timeout.TotalSeconds;
        time[1] = timeout.Ticks % TimeSpan.TicksPerSecond * 100;
        long result = Sys.Call(SyscallNumber.Ppoll, (nint)(&entry), 1, (nint)time, 0, 8);
        if (result < 0 && result != -(long)Errno.EINTR)
            throw new LinuxException("wait for", "a change of a cgroup", (Errno)(-result), "ppoll");
        return result > 0 ? entry.Returned : (short)0;
    }

    private struct Entry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
