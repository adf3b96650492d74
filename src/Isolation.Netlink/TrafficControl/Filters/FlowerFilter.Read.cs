using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Numerics;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record FlowerFilter
{
    internal static FlowerFilter ReadOptions(AttributeReader attributes)
    {
        // A key and its mask come apart, so all are gathered first; of a type that comes twice, the last.
        var keys = new Keys(attributes);
        return new FlowerFilter
        {
            ClassId = new TrafficHandle(keys.Number<uint>(FlowerAttribute.TCA_FLOWER_CLASSID) ?? 0),
            Actions = keys.Find(FlowerAttribute.TCA_FLOWER_ACT, out Wire.Attribute actions) ? ReadActions(actions.Attributes) : [],
            Flags = (TrafficFilterFlags)(keys.Number<uint>(FlowerAttribute.TCA_FLOWER_FLAGS) ?? 0),
            InputLink = keys.Find(FlowerAttribute.TCA_FLOWER_INDEV, out Wire.Attribute link) ? link.Text : null,
            SourceAddress = keys.Mac(FlowerAttribute.TCA_FLOWER_KEY_ETH_SRC),
            SourceAddressMask = keys.MacMask(FlowerAttribute.TCA_FLOWER_KEY_ETH_SRC_MASK),
            DestinationAddress = keys.Mac(FlowerAttribute.TCA_FLOWER_KEY_ETH_DST),
            DestinationAddressMask = keys.MacMask(FlowerAttribute.TCA_FLOWER_KEY_ETH_DST_MASK),
            Vlan = keys.Number<ushort>(FlowerAttribute.TCA_FLOWER_KEY_VLAN_ID),
            VlanPriority = keys.Number<byte>(FlowerAttribute.TCA_FLOWER_KEY_VLAN_PRIO),
            VlanEtherType = (EtherType?)keys.BigEndian(FlowerAttribute.TCA_FLOWER_KEY_VLAN_ETH_TYPE),
            Protocol = (ProtocolType?)keys.Number<byte>(FlowerAttribute.TCA_FLOWER_KEY_IP_PROTO),
            Source = keys.Network(FlowerAttribute.TCA_FLOWER_KEY_IPV4_SRC) ?? keys.Network(FlowerAttribute.TCA_FLOWER_KEY_IPV6_SRC),
            Destination = keys.Network(FlowerAttribute.TCA_FLOWER_KEY_IPV4_DST) ?? keys.Network(FlowerAttribute.TCA_FLOWER_KEY_IPV6_DST),
            SourcePorts = keys.Range(FlowerAttribute.TCA_FLOWER_KEY_PORT_SRC_MIN, FlowerAttribute.TCA_FLOWER_KEY_PORT_SRC_MAX)
                ?? keys.Port(FlowerAttribute.TCA_FLOWER_KEY_TCP_SRC, FlowerAttribute.TCA_FLOWER_KEY_TCP_SRC_MASK)
                ?? keys.Port(FlowerAttribute.TCA_FLOWER_KEY_UDP_SRC, FlowerAttribute.TCA_FLOWER_KEY_UDP_SRC_MASK)
                ?? keys.Port(FlowerAttribute.TCA_FLOWER_KEY_SCTP_SRC, FlowerAttribute.TCA_FLOWER_KEY_SCTP_SRC_MASK),
            DestinationPorts = keys.Range(FlowerAttribute.TCA_FLOWER_KEY_PORT_DST_MIN, FlowerAttribute.TCA_FLOWER_KEY_PORT_DST_MAX)
                ?? keys.Port(FlowerAttribute.TCA_FLOWER_KEY_TCP_DST, FlowerAttribute.TCA_FLOWER_KEY_TCP_DST_MASK)
                ?? keys.Port(FlowerAttribute.TCA_FLOWER_KEY_UDP_DST, FlowerAttribute.TCA_FLOWER_KEY_UDP_DST_MASK)
                ?? keys.Port(FlowerAttribute.TCA_FLOWER_KEY_SCTP_DST, FlowerAttribute.TCA_FLOWER_KEY_SCTP_DST_MASK),
            TcpFlags = keys.Masked<ushort>(FlowerAttribute.TCA_FLOWER_KEY_TCP_FLAGS, FlowerAttribute.TCA_FLOWER_KEY_TCP_FLAGS_MASK) is { } tcp
                ? new Masked<ushort>(BinaryPrimitives.ReverseEndianness(tcp.Value), BinaryPrimitives.ReverseEndianness(tcp.Mask))
                : null,
            TypeOfService = keys.Masked<byte>(FlowerAttribute.TCA_FLOWER_KEY_IP_TOS, FlowerAttribute.TCA_FLOWER_KEY_IP_TOS_MASK),
            TimeToLive = keys.Masked<byte>(FlowerAttribute.TCA_FLOWER_KEY_IP_TTL, FlowerAttribute.TCA_FLOWER_KEY_IP_TTL_MASK),
            IcmpType = keys.Masked<byte>(FlowerAttribute.TCA_FLOWER_KEY_ICMPV4_TYPE, FlowerAttribute.TCA_FLOWER_KEY_ICMPV4_TYPE_MASK)
                ?? keys.Masked<byte>(FlowerAttribute.TCA_FLOWER_KEY_ICMPV6_TYPE, FlowerAttribute.TCA_FLOWER_KEY_ICMPV6_TYPE_MASK),
            IcmpCode = keys.Masked<byte>(FlowerAttribute.TCA_FLOWER_KEY_ICMPV4_CODE, FlowerAttribute.TCA_FLOWER_KEY_ICMPV4_CODE_MASK)
                ?? keys.Masked<byte>(FlowerAttribute.TCA_FLOWER_KEY_ICMPV6_CODE, FlowerAttribute.TCA_FLOWER_KEY_ICMPV6_CODE_MASK),
            IsFragment = keys.Flag(FlowerKeyFlags.TCA_FLOWER_KEY_FLAGS_IS_FRAGMENT),
            IsFirstFragment = keys.Flag(FlowerKeyFlags.TCA_FLOWER_KEY_FLAGS_FRAG_IS_FIRST),
            ConnectionState = (FlowerConnectionStates)(keys.Number<ushort>(FlowerAttribute.TCA_FLOWER_KEY_CT_STATE) ?? 0),
            ConnectionStateMask = (FlowerConnectionStates)(keys.Number<ushort>(FlowerAttribute.TCA_FLOWER_KEY_CT_STATE_MASK) ?? 0),
            ConnectionZone = keys.Masked<ushort>(FlowerAttribute.TCA_FLOWER_KEY_CT_ZONE, FlowerAttribute.TCA_FLOWER_KEY_CT_ZONE_MASK),
            ConnectionMark = keys.Masked<uint>(FlowerAttribute.TCA_FLOWER_KEY_CT_MARK, FlowerAttribute.TCA_FLOWER_KEY_CT_MARK_MASK),
        };
    }

    /// <summary>The attributes, to be looked up by type.</summary>
    private readonly ref struct Keys(AttributeReader attributes)
    {
        private readonly AttributeReader _attributes = attributes;

        public bool Find(FlowerAttribute type, out Wire.Attribute found)
        {
            found = default;
            bool isThere = false;
            foreach (Wire.Attribute attribute in _attributes)
            {
                if (attribute.Type != (ushort)type)
                    continue;
                found = attribute;
                isThere = true;
            }

            return isThere;
        }

        public T? Number<T>(FlowerAttribute type)
            where T : unmanaged
            => Find(type, out Wire.Attribute found) ? found.Number<T>() : null;

        public ushort? BigEndian(FlowerAttribute type) => Find(type, out Wire.Attribute found) ? found.UInt16BigEndian : null;

        public Masked<T>? Masked<T>(FlowerAttribute type, FlowerAttribute maskType)
            where T : unmanaged, IBinaryInteger<T>
            => Number<T>(type) is { } value ? new Masked<T>(value, Number<T>(maskType) ?? ~T.Zero) : null;

        public FlowerPorts? Port(FlowerAttribute type, FlowerAttribute maskType)
            => BigEndian(type) is { } port ? new FlowerPorts(port) { Mask = BigEndian(maskType) ?? ushort.MaxValue } : null;

        public FlowerPorts? Range(FlowerAttribute first, FlowerAttribute last)
            => BigEndian(first) is { } from && BigEndian(last) is { } to ? new FlowerPorts(from, to) : null;

        public bool? Flag(FlowerKeyFlags flag)
        {
            uint bit = BinaryPrimitives.ReverseEndianness((uint)flag);
            return (Number<uint>(FlowerAttribute.TCA_FLOWER_KEY_FLAGS_MASK) & bit) is not (null or 0) ? (Number<uint>(FlowerAttribute.TCA_FLOWER_KEY_FLAGS) & bit) == bit : null;
        }

        public PhysicalAddress? Mac(FlowerAttribute type) => Find(type, out Wire.Attribute found) ? found.PhysicalAddress : null;

        public PhysicalAddress? MacMask(FlowerAttribute type)
            => Mac(type) is { } mask && !mask.Equals(s_wholeAddress) ? mask : null;

        public IPNetwork? Network(FlowerAttribute type)
        {
            if (!Find(type, out Wire.Attribute address))
                return null;
            int bits = address.Value.Length * 8;
            if (Find(type + 1, out Wire.Attribute mask))
            {
                bits = 0;
                while (bits < mask.Value.Length * 8 && (mask.Value[bits / 8] & (0x80 >> (bits % 8))) != 0)
                    bits++;
            }

            IPAddress ip = address.Address;
            if (bits > address.Value.Length * 8)
                throw NetlinkException.Malformed($"a mask of {bits} bits for an address of {address.Value.Length} bytes");
            Span<byte> cut = stackalloc byte[16];
            ip.TryWriteBytes(cut, out int length);
            for (int i = 0; i < length; i++)
                cut[i] &= bits >= (i + 1) * 8 ? (byte)0xFF : bits <= i * 8 ? (byte)0 : (byte)(0xFF00 >> (bits - i * 8));
            return new IPNetwork(new IPAddress(cut[..length]), bits);
        }
    }
}
