using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink.Tests;

/// <summary>Plays the kernel: answers each request with the datagrams that a test says.</summary>
/// <param name="answer">Makes them of the request's number and of how many requests there were before.</param>
internal sealed class FakeKernel(Func<uint, int, IEnumerable<byte[]>> answer) : NetlinkSocket(new SafeFileHandle(-1, ownsHandle: false))
{
    private readonly Queue<byte[]> _datagrams = new();

    /// <summary>How many requests came.</summary>
    public int Requests { get; private set; }

    public override void Send(ReadOnlySpan<byte> requests)
    {
        foreach (Message request in new MessageReader(requests))
        {
            foreach (byte[] datagram in answer(request.Header.nlmsg_seq, Requests++))
                _datagrams.Enqueue(datagram);
        }
    }

    private protected override long TryReceive(Span<byte> buffer)
    {
        if (!_datagrams.TryDequeue(out byte[]? datagram))
            return -(long)Errno.EAGAIN;
        datagram.AsSpan(0, Math.Min(datagram.Length, buffer.Length)).CopyTo(buffer);
        return datagram.Length;
    }

    /// <summary>A message of the kernel.</summary>
    public static byte[] Message(uint sequence, ushort type, NetlinkMessageFlags flags, params ReadOnlySpan<byte> body)
    {
        var header = new NetlinkHeader { nlmsg_len = (uint)(Unsafe.SizeOf<NetlinkHeader>() + body.Length), nlmsg_type = type, nlmsg_flags = flags, nlmsg_seq = sequence };
        return [.. MemoryMarshal.AsBytes(new ReadOnlySpan<NetlinkHeader>(in header)), .. body, .. new byte[-body.Length & 3]];
    }

    /// <summary>A link with an index and no name.</summary>
    public static byte[] LinkMessage(uint sequence, int index, NetlinkMessageFlags flags = 0)
    {
        var header = new LinkHeader { ifi_index = index };
        return Message(sequence, (ushort)RouteMessageType.RTM_NEWLINK, flags, MemoryMarshal.AsBytes(new ReadOnlySpan<LinkHeader>(in header)));
    }

    /// <summary>The end of a dump.</summary>
    /// <param name="sequence">The request.</param>
    /// <param name="errno">0, or a negative error.</param>
    /// <param name="attributes">What an extended acknowledgement tells.</param>
    public static byte[] Done(uint sequence, int errno = 0, params ReadOnlySpan<byte> attributes)
        => Message(sequence, NetlinkConstants.NLMSG_DONE, attributes.IsEmpty ? 0 : (NetlinkMessageFlags)AcknowledgementFlags.NLM_F_ACK_TLVS, [.. BitConverter.GetBytes(errno), .. attributes]);

    /// <summary>An acknowledgement, or an error.</summary>
    public static byte[] Acknowledgement(uint sequence, int errno = 0, params ReadOnlySpan<byte> attributes)
        => Message(
            sequence,
            NetlinkConstants.NLMSG_ERROR,
            (NetlinkMessageFlags)(AcknowledgementFlags.NLM_F_CAPPED | (attributes.IsEmpty ? 0 : AcknowledgementFlags.NLM_F_ACK_TLVS)),
            [.. BitConverter.GetBytes(errno), .. new byte[Unsafe.SizeOf<NetlinkHeader>()], .. attributes]);

    /// <summary>An attribute of an extended acknowledgement.</summary>
    public static byte[] Attribute(int type, params ReadOnlySpan<byte> value)
        => [.. BitConverter.GetBytes((ushort)(4 + value.Length)), .. BitConverter.GetBytes((ushort)type), .. value, .. new byte[-value.Length & 3]];
}
