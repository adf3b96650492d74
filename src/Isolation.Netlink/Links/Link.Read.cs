using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record Link
{
    /// <summary>Reads the body of RTM_NEWLINK.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static Link Read(ReadOnlySpan<byte> body)
    {
        LinkHeader header = Message.ReadFixed<LinkHeader>(body, out AttributeReader attributes);
        string name = "";
        string? alias = null;
        ImmutableArray<string> alternativeNames = [];
        LinkKind? kind = null;
        LinkOperationalState state = LinkOperationalState.Unknown;
        PhysicalAddress address = PhysicalAddress.None, broadcast = PhysicalAddress.None;
        int mtu = 0, master = 0, parent = 0, group = 0, queue = 0;
        int? parentNamespace = null;
        LinkStatistics statistics = default;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((LinkAttribute)attribute.Type)
            {
                case LinkAttribute.IFLA_IFNAME:
                    name = attribute.Text;
                    break;
                case LinkAttribute.IFLA_IFALIAS:
                    alias = attribute.Text;
                    break;
                case LinkAttribute.IFLA_PROP_LIST:
                    alternativeNames = ReadAlternativeNames(attribute.Attributes);
                    break;
                case LinkAttribute.IFLA_LINKINFO:
                    kind = LinkKind.Read(attribute.Attributes);
                    break;
                case LinkAttribute.IFLA_OPERSTATE:
                    state = (LinkOperationalState)attribute.Number<byte>();
                    break;
                case LinkAttribute.IFLA_ADDRESS:
                    address = attribute.PhysicalAddress;
                    break;
                case LinkAttribute.IFLA_BROADCAST:
                    broadcast = attribute.PhysicalAddress;
                    break;
                case LinkAttribute.IFLA_MTU:
                    mtu = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_MASTER:
                    master = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_LINK:
                    parent = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_LINK_NETNSID:
                    parentNamespace = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_GROUP:
                    group = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_TXQLEN:
                    queue = attribute.Number<int>();
                    break;
                case LinkAttribute.IFLA_STATS64:
                    statistics = LinkStatistics.From(attribute.Struct<LinkStatisticsData>());
                    break;
            }
        }

        return new Link
        {
            Index = header.ifi_index,
            HardwareType = header.ifi_type,
            Flags = (LinkFlags)header.ifi_flags,
            Name = name,
            Alias = alias,
            AlternativeNames = alternativeNames,
            Kind = kind,
            OperationalState = state,
            Address = address,
            Broadcast = broadcast,
            Mtu = mtu,
            MasterIndex = master,
            ParentIndex = parent,
            ParentNamespaceId = parentNamespace,
            Group = group,
            TransmitQueueLength = queue,
            Statistics = statistics,
        };
    }

    private static ImmutableArray<string> ReadAlternativeNames(AttributeReader properties)
    {
        ImmutableArray<string>.Builder names = ImmutableArray.CreateBuilder<string>();
        foreach (Wire.Attribute property in properties)
        {
            if (property.Type == (ushort)LinkAttribute.IFLA_ALT_IFNAME)
                names.Add(property.Text);
        }

        return names.DrainToImmutable();
    }
}
