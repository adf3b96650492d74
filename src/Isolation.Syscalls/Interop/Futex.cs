namespace Isolation.Syscalls.Interop;

/// <summary>futex(2). Private words serve the process and a child that shares its memory; shared ones the kernel wakes too.</summary>
internal static unsafe class Futex
{
    private const int WaitShared = 0, WakeShared = 1, WaitPrivate = 128, WakePrivate = 129;

    /// <summary>Waits while the word has the value. Returns false when the time is up; may return early without a reason.</summary>
    public static bool Wait(uint* word, uint value, TimeSpan timeout) => Wait(WaitPrivate, word, value, timeout);

    public static void Wake(uint* word) => Sys.Call(SyscallNumber.Futex, (nint)word, WakePrivate, int.MaxValue);

    /// <summary>As <see cref="Wait(uint*, uint, TimeSpan)"/>, for a word that the kernel wakes as well (CLONE_CHILD_CLEARTID).</summary>
    public static bool WaitForKernel(uint* word, uint value, TimeSpan timeout) => Wait(WaitShared, word, value, timeout);

    /// <summary>Wakes who waits with <see cref="WaitForKernel"/>.</summary>
    public static void WakeAsKernel(uint* word) => Sys.Call(SyscallNumber.Futex, (nint)word, WakeShared, int.MaxValue);

    private static bool Wait(int operation, uint* word, uint value, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return Sys.Call(SyscallNumber.Futex, (nint)word, operation, (nint)value) != -(long)Errno.ETIMEDOUT;
        if (timeout <= TimeSpan.Zero)
            return false;
        Timespec time = timeout;
        return Sys.Call(SyscallNumber.Futex, (nint)word, operation, (nint)value, (nint)(&time)) != -(long)Errno.ETIMEDOUT;
    }
}

/// <summary>struct timespec of a 64-bit kernel.</summary>
internal readonly record struct Timespec(long Seconds, long Nanoseconds)
{
    public static implicit operator Timespec(TimeSpan value)
        => new(value.Ticks / TimeSpan.TicksPerSecond, value.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
}
