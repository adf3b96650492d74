using Microsoft.Win32.SafeHandles;

namespace Isolation.Syscalls.Interop;

/// <summary>Two connected sockets (socketpair(2)): each end notices when the other is gone.</summary>
internal sealed unsafe class Channel : IDisposable
{
    private const int Unix = 1, Stream = 1, CloseOnExec = 0x80000, DontWait = 0x40, NoSignal = 0x4000;

    public Channel()
    {
        int* ends = stackalloc int[2];
        Sys.Check("make", "a pair of sockets", SyscallNumber.SocketPair, Unix, Stream | CloseOnExec, 0, (nint)ends);
        Own = new SafeFileHandle(ends[0], ownsHandle: true);
        Other = new SafeFileHandle(ends[1], ownsHandle: true);
    }

    public SafeFileHandle Own { get; }

    /// <summary>The end for somebody else. Close it once they have it.</summary>
    public SafeFileHandle Other { get; }

    /// <summary>Waits until there is something to receive.</summary>
    /// <returns>False when the time was up.</returns>
    public bool Wait(TimeSpan timeout) => Poll.Readable((int)Own.DangerousGetHandle(), timeout);

    /// <summary>Receives one byte.</summary>
    /// <returns>False when all holders of the other end have closed it.</returns>
    public bool Receive()
    {
        byte received;
        return Sys.Call(SyscallNumber.RecvFrom, Own.DangerousGetHandle(), (nint)(&received), 1, DontWait) == 1;
    }

    /// <summary>Sends one byte. Nobody to receive it is no failure.</summary>
    public void Send(byte value) => Sys.Call(SyscallNumber.SendTo, Own.DangerousGetHandle(), (nint)(&value), 1, DontWait | NoSignal);

    public void Dispose()
    {
        Own.Dispose();
        Other.Dispose();
    }
}
