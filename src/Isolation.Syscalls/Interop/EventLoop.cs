using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Isolation.Syscalls.Children;

namespace Isolation.Syscalls.Interop;

/// <summary>One thread and one epoll instance for all descriptors that somebody waits for without blocking a thread.</summary>
internal static unsafe class EventLoop
{
    private const int Add = 1, Delete = 2, CloseOnExec = 0x80000;
    private const uint In = 1, Priority = 2, Out = 4, OneShot = 1u << 30;

    private static readonly ConcurrentDictionary<ulong, Waiter> s_waiters = new();
    private static readonly Lock s_starting = new();
    private static int s_epoll = -1;
    private static ulong s_lastKey;

    /// <summary>Runs the action once, on the loop's thread, when the descriptor is readable or at its end. It must neither block nor throw.</summary>
    /// <returns>What <see cref="Cancel"/> takes.</returns>
    public static ulong WhenReadable(SafeHandle descriptor, Action action) => Watch(descriptor, In, action);

    /// <summary>Runs the action once, on the loop's thread, when the descriptor is writable or broken. It must neither block nor throw.</summary>
    /// <returns>What <see cref="Cancel"/> takes.</returns>
    public static ulong WhenWritable(SafeHandle descriptor, Action action) => Watch(descriptor, Out, action);

    /// <summary>
    /// Runs the action once, on the loop's thread, when the descriptor has something exceptional to tell (EPOLLPRI). It must neither
    /// block nor throw. To begin to wait can take away what a file of procfs was to tell: look at it after that.
    /// </summary>
    /// <returns>What <see cref="Cancel"/> takes.</returns>
    public static ulong WhenPriority(SafeHandle descriptor, Action action) => Watch(descriptor, Priority, action);

    /// <summary>Forgets an action that has not begun. The descriptor can be watched again.</summary>
    /// <returns>False when it is too late: the action has run or will run at once, and before that the descriptor cannot be watched again.</returns>
    public static bool Cancel(ulong key)
    {
        if (!s_waiters.TryRemove(key, out Waiter waiter))
            return false;
        Control(Delete, (int)waiter.Descriptor.DangerousGetHandle(), 0, key);
        waiter.Descriptor.DangerousRelease();
        return true;
    }

    private static ulong Watch(SafeHandle descriptor, uint events, Action action)
    {
        EnsureStarted();

        // The reference keeps the descriptor open for as long as the kernel watches it.
        bool added = false;
        descriptor.DangerousAddRef(ref added);
        ulong key = Interlocked.Increment(ref s_lastKey);
        s_waiters[key] = new Waiter(descriptor, action);
        try
        {
            Control(Add, (int)descriptor.DangerousGetHandle(), events | OneShot, key);
            return key;
        }
        catch
        {
            if (s_waiters.TryRemove(key, out _))
                descriptor.DangerousRelease();
            throw;
        }
    }

    // On the caller's thread, so that what fails is the caller's to see, and can be tried again.
    private static void EnsureStarted()
    {
        if (Volatile.Read(ref s_epoll) >= 0)
            return;
        lock (s_starting)
        {
            if (s_epoll >= 0)
                return;
            int epoll = (int)Sys.Check("create", "an epoll instance", SyscallNumber.EpollCreate1, CloseOnExec);
            HomeThread.Run(() =>
            {
                var thread = new Thread(Run, maxStackSize: 256 << 10) { IsBackground = true, Name = "isolation-events" };
                thread.UnsafeStart(epoll);
                return thread;
            });
            Volatile.Write(ref s_epoll, epoll);
        }
    }

    private static void Run(object? epoll)
    {
        const int Room = 64;
        int size = EventSize;
        byte* events = stackalloc byte[Room * size];
        while (true)
        {
            long count = Sys.Call(SyscallNumber.EpollPwait, (int)epoll!, (nint)events, Room, -1, 0, 8);
            for (long i = 0; i < count; i++)
                Finish(*(ulong*)(events + (i * size) + size - sizeof(ulong)));
        }
    }

    private static void Finish(ulong key)
    {
        if (!s_waiters.TryRemove(key, out Waiter waiter))
            return;
        Control(Delete, (int)waiter.Descriptor.DangerousGetHandle(), 0, key);
        try
        {
            waiter.Action();
        }
        finally
        {
            waiter.Descriptor.DangerousRelease();
        }
    }

    // epoll_ctl(2): struct epoll_event is packed on x64 only.
    private static int EventSize => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static void Control(int operation, int descriptor, uint events, ulong key)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = events;
        *(ulong*)(entry + EventSize - sizeof(ulong)) = key;
        Sys.Check("watch", $"descriptor {descriptor}", SyscallNumber.EpollCtl, s_epoll, operation, descriptor, (nint)entry);
    }

    private readonly record struct Waiter(SafeHandle Descriptor, Action Action);
}
