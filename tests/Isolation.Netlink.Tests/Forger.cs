using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Netlink.Tests;

/// <summary>Sends messages to netlink sockets of others, as who has CAP_NET_ADMIN in their network namespace can.</summary>
internal sealed unsafe class Forger : IDisposable
{
    private static readonly SyscallNumber s_getSockName = SyscallNumber.Custom("getsockname", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 204 : 51);

    private readonly NetlinkSocket _socket;

    public Forger(TestNetwork network)
    {
        _socket = network.Run(static () => NetlinkSocket.Create());
        Bind(_socket);
    }

    /// <summary>Sends bytes to a socket.</summary>
    /// <returns>Their length, or a negative errno.</returns>
    public long Send(uint port, ReadOnlySpan<byte> message)
    {
        var victim = new NetlinkAddress { nl_family = NetlinkConstants.AF_NETLINK, nl_pid = port };
        fixed (byte* bytes = message)
            return Sys.Call(SyscallNumber.SendTo, _socket.Handle.DangerousGetHandle(), (nint)bytes, message.Length, NetlinkConstants.MSG_DONTWAIT, (nint)(&victim), sizeof(NetlinkAddress));
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Gives a socket an address, to which everybody can send until it is connected.</summary>
    public static uint Bind(NetlinkSocket socket)
    {
        // connect(2) with the kernel binds; AF_UNSPEC undoes the connection and keeps the address.
        var address = new NetlinkAddress { nl_family = NetlinkConstants.AF_NETLINK };
        Sys.Check("bind", null, SyscallNumber.Connect, socket.Handle.DangerousGetHandle(), (nint)(&address), sizeof(NetlinkAddress));
        var none = default(NetlinkAddress);
        Sys.Check("disconnect", null, SyscallNumber.Connect, socket.Handle.DangerousGetHandle(), (nint)(&none), sizeof(NetlinkAddress));
        return Port(socket);
    }

    /// <summary>The address of a socket.</summary>
    public static uint Port(NetlinkSocket socket)
    {
        NetlinkAddress own = default;
        int size = sizeof(NetlinkAddress);
        Sys.Check("ask", null, s_getSockName, socket.Handle.DangerousGetHandle(), (nint)(&own), (nint)(&size));
        return own.nl_pid;
    }
}

/// <summary>A socket that takes whatever comes for the kernel's word, as a client does that never looks at the sender.</summary>
internal sealed unsafe class CredulousSocket(NetlinkSocket socket) : NetlinkSocket(socket.Handle)
{
    private protected override long TryReceive(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
            return Sys.Call(SyscallNumber.RecvFrom, Handle.DangerousGetHandle(), (nint)bytes, buffer.Length, NetlinkConstants.MSG_DONTWAIT | NetlinkConstants.MSG_TRUNC);
    }
}
