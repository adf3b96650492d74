using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Children;

/// <summary>
/// Keeps the process's dumpable flag (prctl(2), PR_SET_DUMPABLE) as it was. A change of credentials in a child that
/// shares our memory clears it for us too, for good: then /proc/self belongs to root and debuggers are refused.
/// </summary>
/// <remarks>
/// While it is cleared, an ordinary user's child cannot write its own /proc/self/uid_map. A start that such a neighbour
/// disturbed is tried once more, alone (<see cref="Quiet"/>).
/// </remarks>
internal static class DumpableGuard
{
    private const int GetDumpable = 3, SetDumpable = 4;

    private static readonly ReaderWriterLockSlim s_quiet = new();
    private static readonly Lock s_lock = new();
    private static int s_active;
    private static int s_saved;
    private static long s_epoch;

    /// <summary>Changes whenever a start that clears the flag begins or ends.</summary>
    public static long Epoch => Volatile.Read(ref s_epoch);

    /// <summary>For a start whose child changes its credentials.</summary>
    /// <param name="clear">
    /// Clear the flag from the start: the child will be visible to other processes after it has given up privileges.
    /// </param>
    public static Scope Enter(bool clear)
    {
        bool wait = !s_quiet.IsWriteLockHeld;
        if (wait)
            s_quiet.EnterReadLock();
        lock (s_lock)
        {
            if (s_active++ == 0)
                s_saved = (int)Sys.Call(SyscallNumber.Prctl, GetDumpable);
            s_epoch++;
            if (clear)
                Sys.Call(SyscallNumber.Prctl, SetDumpable, 0);
        }

        return new Scope(wait);
    }

    /// <summary>Keeps starts that change credentials away for as long as the scope lasts.</summary>
    public static QuietScope Quiet()
    {
        s_quiet.EnterWriteLock();
        return default;
    }

    internal readonly struct Scope(bool waited) : IDisposable
    {
        public void Dispose()
        {
            lock (s_lock)
            {
                s_epoch++;
                if (--s_active == 0 && Sys.Call(SyscallNumber.Prctl, GetDumpable) != s_saved)
                    Sys.Call(SyscallNumber.Prctl, SetDumpable, s_saved);
            }

            if (waited)
                s_quiet.ExitReadLock();
        }
    }

    internal readonly struct QuietScope : IDisposable
    {
        public void Dispose() => s_quiet.ExitWriteLock();
    }
}
