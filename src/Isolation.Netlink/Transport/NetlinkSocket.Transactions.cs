using Isolation.Netlink.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Netlink.Transport;

internal unsafe partial class NetlinkSocket
{
    // netlink_sendmsg: a send has to leave this much of SO_SNDBUF.
    private const int SendOverhead = 32;

    private int _sendBufferSize;

    /// <summary>Makes a send of so many bytes possible.</summary>
    /// <exception cref="LinuxException">EMSGSIZE: the limit of the system is lower.</exception>
    public void AllowSend(int length)
    {
        if (_sendBufferSize == 0)
            _sendBufferSize = GetSendBufferSize();
        if (length <= _sendBufferSize - SendOverhead)
            return;

        // socket(7): only with CAP_NET_ADMIN in the initial user namespace, else up to net.core.wmem_max. The kernel doubles the value.
        int wanted = length;
        if (Sys.Call(SyscallNumber.SetSockOpt, Descriptor, NetlinkConstants.SOL_SOCKET, NetfilterConstants.SO_SNDBUFFORCE, (nint)(&wanted), sizeof(int)) < 0)
            Sys.Check(Operation, null, SyscallNumber.SetSockOpt, Descriptor, NetlinkConstants.SOL_SOCKET, NetfilterConstants.SO_SNDBUF, (nint)(&wanted), sizeof(int));
        _sendBufferSize = GetSendBufferSize();
        if (length > _sendBufferSize - SendOverhead)
        {
            throw new LinuxException("send a transaction", null, Errno.EMSGSIZE, SyscallNumber.SendTo.Name, string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"It has {length} bytes, of which the kernel takes {_sendBufferSize - SendOverhead}. Raise net.core.wmem_max, or send it with CAP_NET_ADMIN in the initial user namespace"));
        }
    }

    private int GetSendBufferSize()
    {
        int bytes = 0, size = sizeof(int);
        Sys.Check(Operation, null, SyscallNumber.GetSockOpt, Descriptor, NetlinkConstants.SOL_SOCKET, NetfilterConstants.SO_SNDBUF, (nint)(&bytes), (nint)(&size));
        return bytes;
    }
}
