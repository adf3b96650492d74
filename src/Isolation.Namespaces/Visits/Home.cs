using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces.Visits;

/// <summary>The namespaces of <see cref="HomeThread"/>, to which threads of the library return.</summary>
internal static class Home
{
    // Without IPC: to go into the namespace that one is in already, too, is to lose the list of semaphore operations that
    // threads share (semop(2), SEM_UNDO).
    private const NamespaceKinds AtOnce = NamespaceKinds.Network | NamespaceKinds.Uts | NamespaceKinds.Cgroup | NamespaceKinds.Pid;

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<NamespaceKinds, ThreadNamespace> s_known = [];

    // The home thread itself; null where the kernel does not take a thread for its namespaces.
    private static SafeFileHandle? s_thread = OpenThread();

    /// <summary>The namespace of a kind. It belongs to the process; do not dispose it.</summary>
    public static ThreadNamespace Get(NamespaceKinds kind)
    {
        lock (s_lock)
        {
            if (s_known.TryGetValue(kind, out ThreadNamespace? known))
                return known;
            return s_known[kind] = HomeThread.Run(() => (ThreadNamespace)Namespace.OfThisThread(kind));
        }
    }

    /// <summary>Takes this thread home from the namespaces. False: it could not be, and must end.</summary>
    /// <remarks>From a mount namespace there is no way back to the working directory that threads share.</remarks>
    /// <param name="left">Where it may be.</param>
    /// <param name="restored">The kinds that are home again now.</param>
    public static bool TryReturn(IReadOnlyList<ThreadNamespace> left, out NamespaceKinds restored)
    {
        restored = NamespaceKinds.None;
        foreach (ThreadNamespace ns in left)
        {
            if (ns.Kind == NamespaceKinds.Mount)
                return false;
        }

        if (TryReturnAtOnce())
            restored = AtOnce;
        foreach (ThreadNamespace ns in left)
        {
            if (!restored.HasFlag(ns.Kind) && Get(ns.Kind).TryEnter() != Errno.None)
                return false;
            restored |= ns.Kind;
        }

        return true;
    }

    /// <summary>Takes this thread home from wherever threads of the process were taken to. Never throws.</summary>
    public static void TryReturn()
    {
        lock (s_lock)
        {
            foreach (ThreadNamespace ns in s_known.Values)
                ns.TryEnter();
        }
    }

    // One call that restores four kinds is cheaper than one to restore one and three to look at the others. Where one kind is
    // refused, such as the pid namespace of a process that is root of its user namespace only, all are, then and later.
    private static bool TryReturnAtOnce()
    {
        if (s_thread is not { } thread)
            return false;
        if (Sys.Call(SyscallNumber.SetNs, thread.DangerousGetHandle(), (nint)AtOnce.ToCloneFlags()) == 0)
            return true;
        s_thread = null;
        return false;
    }

    // pidfd_open(2), PIDFD_THREAD: since Linux 6.9.
    private static SafeFileHandle? OpenThread()
    {
        const int Thread = 0x80;
        long descriptor = HomeThread.Run(static () => Sys.Call(SyscallNumber.PidfdOpen, (nint)Sys.Call(SyscallNumber.GetTid), Thread));
        return descriptor < 0 ? null : new SafeFileHandle((nint)descriptor, ownsHandle: true);
    }
}
