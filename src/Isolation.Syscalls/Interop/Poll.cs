namespace Isolation.Syscalls.Interop;

/// <summary>ppoll(2) for one descriptor.</summary>
internal static unsafe class Poll
{
    private const short In = 1, Out = 4;

    /// <summary>Waits until the descriptor is readable, or at its end. Returns false when the time is up.</summary>
    public static bool Readable(int descriptor, TimeSpan timeout) => Wait(descriptor, In, timeout);

    /// <summary>Waits until one of two descriptors is readable, or at its end; both are false when the time is up.</summary>
    public static (bool First, bool Second) Either(int first, int second, TimeSpan timeout)
    {
        Entry* entries = stackalloc Entry[2];
        entries[0] = new Entry { Descriptor = first, Events = In };
        entries[1] = new Entry { Descriptor = second, Events = In };
        Timespec time = timeout;
        long result = Sys.Call(SyscallNumber.Ppoll, (nint)entries, 2, (nint)(&time), 0, 8);
        if (result < 0 && result != -(long)Errno.EINTR)
            throw new LinuxException("wait for", $"descriptors {first} and {second}", (Errno)(-result), "ppoll");
        return (result > 0 && entries[0].Returned != 0, result > 0 && entries[1].Returned != 0);
    }

    /// <summary>Waits until the descriptor is writable, or broken.</summary>
    public static void Writable(int descriptor) => Wait(descriptor, Out, Timeout.InfiniteTimeSpan);

    private static bool Wait(int descriptor, short events, TimeSpan timeout)
    {
        long deadline = timeout == Timeout.InfiniteTimeSpan ? 0 : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            var entry = new Entry { Descriptor = descriptor, Events = events };
            Timespec time = timeout == Timeout.InfiniteTimeSpan ? default : TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64));
            long result = Sys.Call(SyscallNumber.Ppoll, (nint)(&entry), 1, timeout == Timeout.InfiniteTimeSpan ? 0 : (nint)(&time), 0, 8);
            if (result != -(long)Errno.EINTR)
                return result < 0 ? throw new LinuxException("wait for", $"descriptor {descriptor}", (Errno)(-result), "ppoll") : result > 0;
        }
    }

    private struct Entry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
