using System.Runtime.InteropServices;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups.Interop;

/// <summary>epoll(7) for files that tell by POLLPRI. A watch stays until it is removed, since to add one anew asks the file, and takes from it what it was to tell.</summary>
internal static unsafe class Epoll
{
    private const int AddOperation = 1, DeleteOperation = 2, CloseOnExec = 0x80000;
    private const uint Priority = 2, Error = 8, HangUp = 16, EdgeTriggered = 1u << 31;

    public static SafeFileHandle Create() => new((nint)Sys.Check("create", "an epoll instance", SyscallNumber.EpollCreate1, CloseOnExec), ownsHandle: true);

    public static void Add(SafeHandle epoll, SafeHandle file, ulong key) => Control(epoll, AddOperation, file, key);

    public static void Remove(SafeHandle epoll, SafeHandle file) => Control(epoll, DeleteOperation, file, 0);

    /// <summary>Waits until something new is told, and passes on the key of each, with whether it is an error.</summary>
    public static void Wait(SafeHandle epoll, Action<ulong, bool> told)
    {
        const int Room = 32;
        int size = EventSize;
        byte* events = stackalloc byte[Room * size];
        long count = Sys.Call(SyscallNumber.EpollPwait, epoll.DangerousGetHandle(), (nint)events, Room, -1, 0, 8);
        for (long i = 0; i < count; i++)
        {
            byte* entry = events + (i * size);
            told(*(ulong*)(entry + size - sizeof(ulong)), (*(uint*)entry & (Error | HangUp)) != 0);
        }
    }

    // epoll_ctl(2): struct epoll_event is packed on x64 only.
    private static int EventSize => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static void Control(SafeHandle epoll, int operation, SafeHandle file, ulong key)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = Priority | EdgeTriggered;
        *(ulong*)(entry + EventSize - sizeof(ulong)) = key;
        Sys.Check("watch", "pressure", SyscallNumber.EpollCtl, epoll.DangerousGetHandle(), operation, file.DangerousGetHandle(), (nint)entry);
    }
}
