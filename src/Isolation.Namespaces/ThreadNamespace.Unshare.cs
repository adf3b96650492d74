using Isolation.Namespaces.Interop;
using Isolation.Namespaces.Visits;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces;

public abstract partial class ThreadNamespace
{
    private const NamespaceKinds PerThread = NamespaceKinds.Network | NamespaceKinds.Uts | NamespaceKinds.Ipc | NamespaceKinds.Mount | NamespaceKinds.Cgroup;

    /// <summary>Gives the calling thread new namespaces of these kinds, for as long as it lives (unshare(2)).</summary>
    /// <remarks>
    /// <para>
    /// Network, UTS, IPC, mount and cgroup namespaces are a thread's own. The other threads of the process stay where they
    /// are; threads that this one starts from now on are in the new ones, and so are processes that it starts with
    /// <see cref="System.Diagnostics.Process"/>. Call it on a thread that you made for it. On the main thread, <c>/proc/PID/ns</c> shows the new ones as the process's.
    /// </para>
    /// <para>
    /// With a mount namespace the thread gets a root, working directory and umask of its own, and all mounts are made private,
    /// as unshare(1) does: else mounts made inside would appear outside.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// No kind, or one that needs more than a thread. User: the kernel gives one to a process of a single thread only, which .NET never is.
    /// Pid and time: they are for later children only, and a thread that has one for its children can start no more threads (clone(2),
    /// EINVAL; for time before Linux 6.3), which the runtime does at any time. Programs can be started in all of them.
    /// </exception>
    /// <exception cref="InvalidOperationException">The thread is one of the thread pool: it would stay in the namespaces, and run everybody's work there.</exception>
    /// <exception cref="LinuxException">EPERM: CAP_SYS_ADMIN is missing; ENOSPC: a limit of <c>/proc/sys/user</c> is reached. Nothing has changed.</exception>
    public static void Unshare(NamespaceKinds kinds)
    {
        if (kinds == NamespaceKinds.None)
            throw new ArgumentException("At least one kind of namespace is needed.", nameof(kinds));
        if ((kinds & ~PerThread) != 0)
            throw new ArgumentException(Refusal(kinds & ~PerThread), nameof(kinds));
        if (Thread.CurrentThread.IsThreadPoolThread)
            throw new InvalidOperationException("A thread of the thread pool would stay in the new namespaces and run everybody's work there. Use a thread of your own, or Run of a namespace.");

        RuntimeThreads.EnsureMade();
        long result = Sys.Call(SyscallNumber.Unshare, (nint)kinds.ToCloneFlags());
        if (result < 0)
            throw new LinuxException("unshare", $"{kinds}", (Errno)(-result), SyscallNumber.Unshare.Name, Hint((Errno)(-result), kinds));
        if (kinds.HasFlag(NamespaceKinds.Mount))
            MountPropagation.MakePrivate();
    }

    private static string Refusal(NamespaceKinds kinds)
        => kinds.HasFlag(NamespaceKinds.User)
            ? "A thread cannot get a user namespace of its own: unshare(2) wants a process with one thread, and .NET has several. Start a program in one."
            : $"{kinds}: pid and time namespaces are for later children only, and bar a thread from starting threads, which the runtime does at any time. Start a program in one.";

    private static string? Hint(Errno errno, NamespaceKinds kinds) => errno switch
    {
        Errno.EPERM => "It takes CAP_SYS_ADMIN. A program can be started with them without privilege, together with a user namespace",
        Errno.ENOSPC => $"A limit of /proc/sys/user for {kinds} is reached (namespaces(7))",
        _ => null,
    };
}
