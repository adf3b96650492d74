using Isolation.Netlink.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink.Transport;

/// <summary>A socket of one of netlink's families that talks with the kernel and nobody else (netlink(7)).</summary>
/// <remarks>What touches the kernel is virtual, so that tests can play it.</remarks>
internal unsafe partial class NetlinkSocket : IDisposable
{
    private const string Operation = "open a netlink socket";
    private const long Interrupted = -(long)Errno.EINTR, Overrun = -(long)Errno.ENOBUFS;

    /// <summary>What came was not the kernel's.</summary>
    private protected const long Forged = long.MinValue;

    private readonly SafeFileHandle _handle;

    private protected NetlinkSocket(SafeFileHandle handle) => _handle = handle;

    /// <summary>Messages that were dropped because somebody else than the kernel had sent them.</summary>
    public long ForgedMessages { get; private set; }

    /// <summary>The socket's descriptor.</summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>The bytes of answers that the kernel keeps for us (SO_RCVBUF): what is more is lost.</summary>
    public int ReceiveBufferSize { get; private protected set; }

    /// <summary>Opens one in the calling thread's network namespace.</summary>
    /// <param name="family">NETLINK_ROUTE or another.</param>
    public static NetlinkSocket Open(int family = NetlinkConstants.NETLINK_ROUTE)
    {
        NetlinkSocket socket = Create(family);
        try
        {
            socket.Connect();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens one in another network namespace. It stays there, whichever thread uses it.</summary>
    public static NetlinkSocket Open(SafeFileHandle networkNamespace, int family = NetlinkConstants.NETLINK_ROUTE)
        => NetworkNamespaceThread.Run(networkNamespace, () => Open(family));

    /// <summary>Makes a socket with its options, to which others can still send.</summary>
    internal static NetlinkSocket Create(int family = NetlinkConstants.NETLINK_ROUTE)
    {
        long descriptor = Sys.Check(Operation, null, SyscallNumber.Socket, NetlinkConstants.AF_NETLINK, NetlinkConstants.SOCK_RAW | NetlinkConstants.SOCK_CLOEXEC, family);
        return Prepare(new SafeFileHandle((nint)descriptor, ownsHandle: true));
    }

    /// <summary>Takes over a socket that is not connected yet.</summary>
    internal static NetlinkSocket Adopt(SafeFileHandle handle)
    {
        NetlinkSocket socket = Prepare(handle);
        try
        {
            socket.Connect();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static NetlinkSocket Prepare(SafeFileHandle handle)
    {
        var socket = new NetlinkSocket(handle);
        try
        {
            // Errors with words, without the request repeated; and a kernel that filters dumps and refuses what it does not know.
            socket.SetOption(NetlinkConstants.NETLINK_EXT_ACK);
            socket.SetOption(NetlinkConstants.NETLINK_CAP_ACK);
            socket.SetOption(NetlinkConstants.NETLINK_GET_STRICT_CHK);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Connects with the kernel, and drops what came before. A connected netlink socket accepts nothing from others: their
    /// sends fail with ECONNREFUSED, so nobody can fill the queue and push the kernel's answers out of it.
    /// </summary>
    internal void Connect()
    {
        var kernel = new NetlinkAddress { nl_family = NetlinkConstants.AF_NETLINK };
        Sys.Check(Operation, null, SyscallNumber.Connect, Descriptor, (nint)(&kernel), sizeof(NetlinkAddress));
        Drain();
        ReceiveBufferSize = GetReceiveBufferSize();
    }

    /// <summary>Sends requests. The kernel has answered when this returns; of a dump, with its first part.</summary>
    public virtual void Send(ReadOnlySpan<byte> requests)
    {
        fixed (byte* bytes = requests)
            Sys.Check("send netlink requests", null, SyscallNumber.SendTo, Descriptor, (nint)bytes, requests.Length);
    }

    /// <summary>Receives one datagram of the kernel. What others sent is dropped and counted.</summary>
    /// <returns>Its real length, which is greater than the buffer if it did not fit; then its rest is lost.</returns>
    /// <exception cref="LinuxException">EAGAIN: there is none; ENOBUFS: some were lost.</exception>
    public int Receive(Span<byte> buffer)
    {
        long length;
        while ((length = TryReceive(buffer)) is Forged or Interrupted)
        {
        }

        if (length >= 0)
            return (int)length;
        throw new LinuxException("receive the answer to a netlink request", null, (Errno)(-length), SyscallNumber.RecvFrom.Name, length == Overrun ? "An answer was lost, so whether it took effect is not known" : null);
    }

    /// <summary>Drops all that is there.</summary>
    public void Drain()
    {
        // A dump goes on while it is received, so this ends it too.
        while (TryReceive([]) is >= 0 or Forged or Interrupted or Overrun)
        {
        }
    }

    public void Dispose() => _handle.Dispose();

    private nint Descriptor => _handle.DangerousGetHandle();

    /// <summary>Receives one datagram.</summary>
    /// <returns>Its real length, a negative errno, or <see cref="Forged"/>.</returns>
    private protected virtual long TryReceive(Span<byte> buffer)
    {
        NetlinkAddress sender = default;
        int size = sizeof(NetlinkAddress);
        long length;
        fixed (byte* bytes = buffer)
            length = Sys.Call(SyscallNumber.RecvFrom, Descriptor, (nint)bytes, buffer.Length, NetlinkConstants.MSG_DONTWAIT | NetlinkConstants.MSG_TRUNC, (nint)(&sender), (nint)(&size));
        if (length < 0 || (size == sizeof(NetlinkAddress) && sender.nl_pid == 0))
            return length;
        ForgedMessages++;
        return Forged;
    }

    private void SetOption(int option)
    {
        int on = 1;
        Sys.Check(Operation, null, SyscallNumber.SetSockOpt, Descriptor, NetlinkConstants.SOL_NETLINK, option, (nint)(&on), sizeof(int));
    }

    private int GetReceiveBufferSize()
    {
        int bytes = 0, size = sizeof(int);
        Sys.Check(Operation, null, SyscallNumber.GetSockOpt, Descriptor, NetlinkConstants.SOL_SOCKET, NetlinkConstants.SO_RCVBUF, (nint)(&bytes), (nint)(&size));
        return bytes;
    }
}
