namespace Isolation.Syscalls.Interop;

/// <summary>futex(2), private to the process (a child that shares its memory takes part).</summary>
internal static unsafe class Futex
{
    private const int WaitPrivate = 128, WakePrivate = 129;

    /// <summary>Waits while the word has the value. Returns false when the time is up; may return early without a reason.</summary>
    public static bool Wait(uint* word, uint value, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return Sys.Call(SyscallNumber.Futex, (nint)word, WaitPrivate, (nint)value) != -(long)Errno.ETIMEDOUT;
        if (timeout <= TimeSpan.Zero)
            return false;
        Timespec time = timeout;
        return Sys.Call(SyscallNumber.Futex, (nint)word, WaitPrivate, (nint)value, (nint)(&time)) != -(long)Errno.ETIMEDOUT;
    }

    public static void Wake(uint* word) => Sys.Call(SyscallNumber.Futex, (nint)word, WakePrivate, int.MaxValue);
}

/// <summary>struct timespec of a 64-bit kernel.</summary>
internal readonly record struct Timespec(long Seconds, long Nanoseconds)
{
    public static implicit operator Timespec(TimeSpan value)
        => new(value.Ticks / TimeSpan.TicksPerSecond, value.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
}
