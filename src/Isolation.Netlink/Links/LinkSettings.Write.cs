using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record LinkSettings
{
    internal static LinkSettings None { get; } = new();

    // What rtnl_create_link and veth_newlink do not take, without saying so.
    private bool HasWhatNeedsALink => Alias is not null || HasCarrier is not null || IsProtocolDown is not null || ProtocolDownReasons is not null || IPv6AddressGeneration is not null;

    /// <summary>The fixed part of a message that says this of a link.</summary>
    internal LinkHeader ToHeader(int index)
    {
        var header = new LinkHeader { ifi_index = index };
        SetFlag(ref header, LinkFlags.Up, IsUp);
        SetFlag(ref header, LinkFlags.NoArp, !IsArpEnabled);
        SetFlag(ref header, LinkFlags.Multicast, IsMulticastEnabled);
        SetFlag(ref header, LinkFlags.AllMulticast, IsAllMulticast);
        SetFlag(ref header, LinkFlags.Promiscuous, IsPromiscuous);
        return header;
    }

    /// <summary>Writes the attributes for a new link.</summary>
    internal void WriteAsNew(MessageWriter writer)
    {
        if (HasWhatNeedsALink)
            throw new ArgumentException("A new link cannot have an alias, a carrier, a state of a protocol or IPv6 address generation yet. Change it once it is there.");
        LinkValue.NotNegative(Index, "The index");
        writer.Write(LinkAttribute.IFLA_LINK, LinkValue.NotNegative(ParentIndex, "The index of the parent"));
        writer.Write(LinkAttribute.IFLA_NUM_TX_QUEUES, LinkValue.NotNegative(TransmitQueues, "The number of queues"));
        writer.Write(LinkAttribute.IFLA_NUM_RX_QUEUES, LinkValue.NotNegative(ReceiveQueues, "The number of queues"));
        Write(writer);
    }

    /// <summary>Writes the attribute that describes the other end of a new pair.</summary>
    internal void WriteAsPeer<TType>(MessageWriter writer, TType type)
        where TType : unmanaged, Enum
    {
        // veth_newlink and netkit_new_link take neither for the peer, and would not say so.
        if (MasterIndex is not null || ParentIndex is not null)
            throw new ArgumentException("The peer of a pair cannot have a master or a parent yet. Change it once it is there.");

        // veth_open and netkit_open fail while the pair is not tied, with ENOTCONN.
        if (IsUp == true)
            throw new ArgumentException("The peer of a pair cannot be switched on before it is there. Make that end the link, or change it once it is there.");
        using (writer.Nest(type))
        {
            writer.WriteHeader(ToHeader(Index ?? 0));
            WriteAsNew(writer);
        }
    }

    /// <summary>Writes the attributes for a link that there is.</summary>
    internal void WriteAsChange(MessageWriter writer)
    {
        if (ParentIndex is not null)
            throw new ArgumentException("What a link is built on cannot be changed.");
        if (TransmitQueues is not null || ReceiveQueues is not null)
            throw new ArgumentException("How many queues a link has cannot be changed by rtnetlink.");
        if (Index is not null && NetworkNamespace is null)
            throw new ArgumentException("A link gets another index only in another network namespace.");
        writer.Write(LinkAttribute.IFLA_NEW_IFINDEX, LinkValue.NotNegative(Index, "The index"));
        Write(writer);
        WriteAlias(writer);
        writer.Write(LinkAttribute.IFLA_CARRIER, HasCarrier);
        writer.Write(LinkAttribute.IFLA_PROTO_DOWN, IsProtocolDown);
        if (ProtocolDownReasons is { } reasons)
        {
            using (writer.Nest(LinkAttribute.IFLA_PROTO_DOWN_REASON))
                writer.Write(ProtocolDownReasonAttribute.IFLA_PROTO_DOWN_REASON_VALUE, reasons);
        }

        if (IPv6AddressGeneration is not { } generation)
            return;
        using (writer.Nest(LinkAttribute.IFLA_AF_SPEC))
        using (writer.Nest(LinkFamilyAttribute.AF_INET6))
            writer.Write(LinkIPv6Attribute.IFLA_INET6_ADDR_GEN_MODE, generation);
    }

    private static void SetFlag(ref LinkHeader header, LinkFlags flag, bool? value)
    {
        if (value is null)
            return;
        header.ifi_change |= (uint)flag;
        header.ifi_flags |= value == true ? (uint)flag : 0;
    }

    private void Write(MessageWriter writer)
    {
        if (Name is not null)
            writer.WriteText(LinkAttribute.IFLA_IFNAME, LinkName.Check(Name));
        writer.Write(LinkAttribute.IFLA_MTU, LinkValue.NotNegative(Mtu, "The MTU"));
        writer.WritePhysicalAddress(LinkAttribute.IFLA_ADDRESS, Address);
        writer.WritePhysicalAddress(LinkAttribute.IFLA_BROADCAST, Broadcast);
        writer.Write(LinkAttribute.IFLA_MASTER, LinkValue.NotNegative(MasterIndex, "The index of the master"));
        writer.Write(LinkAttribute.IFLA_GROUP, LinkValue.NotNegative(Group, "The group"));
        writer.Write(LinkAttribute.IFLA_TXQLEN, LinkValue.NotNegative(TransmitQueueLength, "The length of the queue"));
        writer.Write(LinkAttribute.IFLA_LINKMODE, Mode);
        writer.Write(LinkAttribute.IFLA_GSO_MAX_SIZE, LinkValue.NotNegative(SegmentationSize, "The size of segmentation"));
        writer.Write(LinkAttribute.IFLA_GSO_MAX_SEGS, LinkValue.NotNegative(SegmentationCount, "The count of segmentation"));
        writer.Write(LinkAttribute.IFLA_GRO_MAX_SIZE, LinkValue.NotNegative(ReceiveOffloadSize, "The size of receive offload"));
        writer.Write(LinkAttribute.IFLA_GSO_IPV4_MAX_SIZE, LinkValue.NotNegative(SegmentationSizeIPv4, "The size of segmentation"));
        writer.Write(LinkAttribute.IFLA_GRO_IPV4_MAX_SIZE, LinkValue.NotNegative(ReceiveOffloadSizeIPv4, "The size of receive offload"));
        if (NetworkNamespace is not null)
            writer.WriteDescriptor(LinkAttribute.IFLA_NET_NS_FD, NetworkNamespace);
    }

    private void WriteAlias(MessageWriter writer)
    {
        if (Alias is null)
            return;
        if (Encoding.UTF8.GetByteCount(Alias) > 255 || Alias.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("An alias has at most 255 bytes, and no NUL character.");
        if (Alias.Length == 0)
            writer.WriteBytes(LinkAttribute.IFLA_IFALIAS, []);
        else
            writer.WriteText(LinkAttribute.IFLA_IFALIAS, Alias);
    }
}
