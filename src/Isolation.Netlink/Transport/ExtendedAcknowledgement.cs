using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Transport;

/// <summary>What the kernel tells besides the errno (enum nlmsgerr_attrs): words, and the attribute that it complains of.</summary>
/// <param name="Text">The kernel's words.</param>
/// <param name="Attribute">The names of the attribute and of those around it.</param>
/// <param name="IsMissing">The attribute is one that the request lacks.</param>
/// <param name="Policy">What the kernel would have accepted there, in words.</param>
/// <param name="Cookie">Bytes that only the part of the kernel that answered knows the meaning of.</param>
internal readonly record struct ExtendedAcknowledgement(string? Text, string? Attribute, bool IsMissing, string? Policy = null, byte[]? Cookie = null)
{
    /// <summary>Reads NLMSG_ERROR, also when it is an acknowledgement (errno 0).</summary>
    /// <param name="message">The message.</param>
    /// <param name="attributes">What the attributes of the request mean.</param>
    /// <param name="request">The request that it answers.</param>
    /// <param name="report">What it tells.</param>
    public static Errno ReadError(Message message, AttributeSpace? attributes, ReadOnlySpan<byte> request, out ExtendedAcknowledgement report)
    {
        ErrorHeader error = Message.ReadFixed<ErrorHeader>(message.Body, out _);

        // Without NLM_F_CAPPED the request's body is repeated before the attributes.
        long repeated = Flags(message).HasFlag(AcknowledgementFlags.NLM_F_CAPPED) ? 0 : ((long)error.msg.nlmsg_len + 3 & ~3L) - Unsafe.SizeOf<NetlinkHeader>();
        long start = Unsafe.SizeOf<ErrorHeader>() + Math.Max(repeated, 0);
        report = Read(message, start, attributes, request);
        return ToErrno(error.error);
    }

    /// <summary>Reads NLMSG_DONE, which ends a dump and carries an errno and attributes too.</summary>
    public static Errno ReadDone(Message message, AttributeSpace? attributes, ReadOnlySpan<byte> request, out ExtendedAcknowledgement report)
    {
        report = default;
        if (message.Body.IsEmpty)
            return Errno.None;
        int error = Message.ReadFixed<int>(message.Body, out _);
        report = Read(message, sizeof(int), attributes, request);
        return error < 0 ? ToErrno(error) : Errno.None;
    }

    private static ExtendedAcknowledgement Read(Message message, long start, AttributeSpace? attributes, ReadOnlySpan<byte> request)
    {
        if (!Flags(message).HasFlag(AcknowledgementFlags.NLM_F_ACK_TLVS) || start > message.Body.Length)
            return default;
        string? text = null, policy = null;
        byte[]? cookie = null;
        int offset = 0, nest = 0;
        ushort? missing = null;
        foreach (Wire.Attribute attribute in new AttributeReader(message.Body[(int)start..]))
        {
            switch ((ErrorAttribute)attribute.Type)
            {
                case ErrorAttribute.NLMSGERR_ATTR_MSG:
                    text = attribute.Text;
                    break;
                case ErrorAttribute.NLMSGERR_ATTR_OFFS:
                    offset = attribute.Number<int>();
                    break;
                case ErrorAttribute.NLMSGERR_ATTR_COOKIE:
                    cookie = attribute.Value.ToArray();
                    break;
                case ErrorAttribute.NLMSGERR_ATTR_POLICY:
                    policy = AttributePolicy.Describe(attribute.Attributes);
                    break;
                case ErrorAttribute.NLMSGERR_ATTR_MISS_TYPE:
                    missing = (ushort)attribute.Number<uint>();
                    break;
                case ErrorAttribute.NLMSGERR_ATTR_MISS_NEST:
                    nest = attribute.Number<int>();
                    break;
            }
        }

        return missing is { } type
            ? new ExtendedAcknowledgement(text, AttributePath.OfMissing(attributes, request, nest, type), IsMissing: true, policy, cookie)
            : new ExtendedAcknowledgement(text, AttributePath.At(attributes, request, offset), IsMissing: false, policy, cookie);
    }

    private static AcknowledgementFlags Flags(Message message) => (AcknowledgementFlags)message.Header.nlmsg_flags;

    private static Errno ToErrno(int error) => error is <= 0 and > -4096 ? (Errno)(-error) : throw NetlinkException.Malformed($"errno {error}");
}
