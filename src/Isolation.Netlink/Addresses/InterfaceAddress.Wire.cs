using System.Net;
using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record InterfaceAddress : IRequestBody
{
    // INFINITY_LIFE_TIME.
    private const uint Forever = uint.MaxValue;

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        Check();
        writer.WriteHeader(new AddressHeader
        {
            ifa_family = IPFamily.ToKernel(Address.AddressFamily),
            ifa_prefixlen = (byte)PrefixLength,
            ifa_scope = (byte)Scope,
            ifa_index = (uint)InterfaceIndex,
        });

        // The local address and that of the other end are the same where there is no other end.
        writer.WriteAddress(AddressAttribute.IFA_LOCAL, Address);
        writer.WriteAddress(AddressAttribute.IFA_ADDRESS, Peer ?? Address);
        if (Broadcast is not null)
            writer.WriteAddress(AddressAttribute.IFA_BROADCAST, Broadcast);
        if (Label is not null)
            writer.WriteText(AddressAttribute.IFA_LABEL, Label);
        if (Flags != AddressFlags.None)
            writer.Write(AddressAttribute.IFA_FLAGS, Flags);
        if (Metric != 0)
            writer.Write(AddressAttribute.IFA_RT_PRIORITY, Metric);
        writer.Write(AddressAttribute.IFA_PROTO, Protocol);
        if (ValidLifetime is not null || PreferredLifetime is not null)
            writer.Write(AddressAttribute.IFA_CACHEINFO, new AddressLifetimes { ifa_valid = ToSeconds(ValidLifetime), ifa_prefered = ToSeconds(PreferredLifetime ?? ValidLifetime) });
    }

    /// <summary>Reads the body of RTM_NEWADDR.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static InterfaceAddress Read(ReadOnlySpan<byte> body)
    {
        AddressHeader header = Message.ReadFixed<AddressHeader>(body, out AttributeReader attributes);
        IPAddress? local = null, other = null, broadcast = null;
        string? label = null;
        var flags = (AddressFlags)header.ifa_flags;
        TimeSpan? valid = null, preferred = null;
        uint metric = 0;
        AddressProtocol? protocol = null;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((AddressAttribute)attribute.Type)
            {
                case AddressAttribute.IFA_LOCAL:
                    local = attribute.Address;
                    break;
                case AddressAttribute.IFA_ADDRESS or AddressAttribute.IFA_MULTICAST or AddressAttribute.IFA_ANYCAST:
                    other = attribute.Address;
                    break;
                case AddressAttribute.IFA_BROADCAST:
                    broadcast = attribute.Address;
                    break;
                case AddressAttribute.IFA_LABEL:
                    label = attribute.Text;
                    break;
                case AddressAttribute.IFA_FLAGS:
                    flags = attribute.Number<AddressFlags>();
                    break;
                case AddressAttribute.IFA_RT_PRIORITY:
                    metric = attribute.Number<uint>();
                    break;
                case AddressAttribute.IFA_PROTO:
                    protocol = attribute.Number<AddressProtocol>();
                    break;
                case AddressAttribute.IFA_CACHEINFO:
                    AddressLifetimes lifetimes = attribute.Struct<AddressLifetimes>();
                    (valid, preferred) = (ToTime(lifetimes.ifa_valid), ToTime(lifetimes.ifa_prefered));
                    break;
            }
        }

        IPAddress address = local ?? other ?? throw NetlinkException.Malformed("an address message without an address");
        return new InterfaceAddress((int)header.ifa_index, address, header.ifa_prefixlen)
        {
            Peer = other is null || other.Equals(address) ? null : other,
            Broadcast = broadcast,
            Label = label,
            Scope = (RouteScope)header.ifa_scope,
            Flags = flags,
            ValidLifetime = valid,
            PreferredLifetime = preferred,
            Metric = metric,
            Protocol = protocol,
        };
    }

    private void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InterfaceIndex);
        ArgumentNullException.ThrowIfNull(Address);
        int most = IPFamily.MaximumPrefix(Address.AddressFamily);
        if (PrefixLength < 0 || PrefixLength > most)
            throw new ArgumentException($"The prefix of {Address} is no number from 0 to {most}: {PrefixLength}.");
        if ((Peer ?? Address).AddressFamily != Address.AddressFamily || (Broadcast ?? Address).AddressFamily != Address.AddressFamily)
            throw new ArgumentException($"The peer and the broadcast address are of another family than {Address}.");
        if (Label is not null && (Encoding.UTF8.GetByteCount(Label) > 15 || Label.Contains('\0', StringComparison.Ordinal)))
            throw new ArgumentException($"The label is longer than 15 bytes: '{Label}'.");
    }

    private static TimeSpan? ToTime(uint seconds) => seconds == Forever ? null : TimeSpan.FromSeconds((long)seconds);

    private static uint ToSeconds(TimeSpan? time)
    {
        if (time is not { } value)
            return Forever;
        return value >= TimeSpan.Zero && value.TotalSeconds < Forever ? (uint)value.TotalSeconds : throw new ArgumentException($"The lifetime is out of range: {value}.");
    }
}
