using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink.Transport;

internal unsafe partial class NetlinkSocket
{
    private static readonly SyscallNumber s_getSockName = SyscallNumber.Custom("getsockname", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 204 : 51);

    /// <summary>The socket's own port, by which the kernel names it as the one who asked (netlink(7), nl_pid).</summary>
    public uint PortId
    {
        get
        {
            using var use = new DescriptorUse(_handle);
            NetlinkAddress own = default;
            int size = sizeof(NetlinkAddress);
            Sys.Check("ask for the port", null, s_getSockName, use.Descriptor, (nint)(&own), (nint)(&size));
            return own.nl_pid;
        }
    }

    /// <summary>Opens one in the network namespace of this one, from whichever thread.</summary>
    public NetlinkSocket OpenBeside()
    {
        using var use = new DescriptorUse(_handle);
        NetlinkSocket beside = Open();
        try
        {
            // The cookie tells namespaces apart (linux/net_namespace.h). Where it is the same, no privilege is needed.
            if (beside.NamespaceCookie == NamespaceCookie)
                return beside;
        }
        catch
        {
            beside.Dispose();
            throw;
        }

        beside.Dispose();
        using SafeFileHandle networkNamespace = OpenNamespace();
        return Open(networkNamespace);
    }

    /// <summary>Asks to be told of a group's changes from now on (netlink(7)).</summary>
    public void Join(MulticastGroup group)
    {
        int number = (int)group;
        Sys.Check("join the netlink group", group.ToString(), SyscallNumber.SetSockOpt, Descriptor, NetlinkConstants.SOL_NETLINK, MonitorConstants.NETLINK_ADD_MEMBERSHIP, (nint)(&number), sizeof(int));
    }

    /// <summary>Chooses the bytes that the kernel keeps for us. Beyond net.core.rmem_max that needs CAP_NET_ADMIN; without it, that is what there is (socket(7)).</summary>
    public void ResizeReceiveBuffer(int bytes)
    {
        if (Sys.Call(SyscallNumber.SetSockOpt, Descriptor, NetlinkConstants.SOL_SOCKET, MonitorConstants.SO_RCVBUFFORCE, (nint)(&bytes), sizeof(int)) < 0)
            Sys.Check(Operation, null, SyscallNumber.SetSockOpt, Descriptor, NetlinkConstants.SOL_SOCKET, NetlinkConstants.SO_RCVBUF, (nint)(&bytes), sizeof(int));
        ReceiveBufferSize = GetReceiveBufferSize();
    }

    /// <summary>Receives one datagram of the kernel, if there is one. What others sent is dropped and counted.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="length">Its real length, which is greater than the buffer if it did not fit; then its rest is lost.</param>
    /// <exception cref="LinuxException">Receiving failed.</exception>
    public ReceiveResult TryReceive(Span<byte> buffer, out int length)
    {
        long result;
        while ((result = TryReceive(buffer)) is Forged or Interrupted)
        {
        }

        length = (int)Math.Max(result, 0);
        return result switch
        {
            >= 0 => ReceiveResult.Received,
            Overrun => ReceiveResult.Overrun,
            -(long)Errno.EAGAIN => ReceiveResult.Empty,
            _ => throw new LinuxException("receive what changed", null, (Errno)(-result), SyscallNumber.RecvFrom.Name),
        };
    }

    private long NamespaceCookie
    {
        get
        {
            long cookie = 0;
            int size = sizeof(long);
            Sys.Check(Operation, null, SyscallNumber.GetSockOpt, Descriptor, NetlinkConstants.SOL_SOCKET, MonitorConstants.SO_NETNS_COOKIE, (nint)(&cookie), (nint)(&size));
            return cookie;
        }
    }

    private SafeFileHandle OpenNamespace()
    {
        long descriptor = Sys.Call(SyscallNumber.Ioctl, Descriptor, MonitorConstants.SIOCGSKNS);
        return descriptor >= 0
            ? new SafeFileHandle((nint)descriptor, ownsHandle: true)
            : throw new LinuxException("open the client's network namespace", null, (Errno)(-descriptor), "ioctl(SIOCGSKNS)", descriptor == -(long)Errno.EPERM ? "A thread of another network namespace needs CAP_NET_ADMIN there" : null);
    }
}

/// <summary>What became of an attempt to receive.</summary>
internal enum ReceiveResult
{
    /// <summary>A datagram came.</summary>
    Received,

    /// <summary>There is none. What the kernel tells from now on is kept again, also after an overrun.</summary>
    Empty,

    /// <summary>The kernel had more to tell than there was room for (ENOBUFS). What it kept can still be received.</summary>
    Overrun,
}
