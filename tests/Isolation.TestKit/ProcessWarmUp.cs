using System.Net;
using System.Net.Sockets;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.TestKit;

/// <summary>Makes what a process makes once and keeps, so that no <see cref="ResidueCheck"/> takes it for something left behind.</summary>
/// <remarks>An assembly's fixture calls it before the first test: what waits for programs, the library's event loop, and the runtime's for sockets.</remarks>
public static class ProcessWarmUp
{
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000;

    public static unsafe void Run()
    {
        Command.Run("true").EnsureSuccess();

        int* ends = stackalloc int[2];
        Sys.Check("make", "a pipe", SyscallNumber.Pipe2, (nint)ends, NonBlocking | CloseOnExec);
        using SafeFileHandle reader = new(ends[0], ownsHandle: true), writer = new(ends[1], ownsHandle: true);
        EventLoop.Cancel(EventLoop.WhenReadable(reader, static () => { }));

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Task<int> received = socket.ReceiveAsync(new byte[1]);
        socket.SendTo([1], socket.LocalEndPoint!);
        received.Wait();
    }
}
