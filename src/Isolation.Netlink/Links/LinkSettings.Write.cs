using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record LinkSettings
{
    internal static LinkSettings None { get; } = new();

    /// <summary>The fixed part of a message that says this of a link.</summary>
    internal LinkHeader ToHeader(int index) => new()
    {
        ifi_index = index,
        ifi_flags = IsUp == true ? (uint)LinkFlags.Up : 0,
        ifi_change = IsUp is null ? 0 : (uint)LinkFlags.Up,
    };

    /// <summary>Writes the attributes for a new link.</summary>
    internal void WriteAsNew(MessageWriter writer)
    {
        // rtnl_create_link takes no alias, and would not say so.
        if (Alias is not null)
            throw new ArgumentException("A new link cannot have an alias yet. Change it once it is there.");
        Write(writer);
    }

    /// <summary>Writes the attributes for the other end of a new veth.</summary>
    internal void WriteAsPeer(MessageWriter writer)
    {
        // veth_newlink takes neither for the peer, and would not say so.
        if (MasterIndex is not null || ParentIndex is not null)
            throw new ArgumentException("The peer of a veth cannot have a master or a parent yet. Change it once it is there.");

        // veth_open fails while the pair is not tied, with ENOTCONN.
        if (IsUp == true)
            throw new ArgumentException("The peer of a veth cannot be switched on before it is there. Make that end the link, or change it once it is there.");
        WriteAsNew(writer);
    }

    /// <summary>Writes the attributes for a link that there is.</summary>
    internal void WriteAsChange(MessageWriter writer)
    {
        if (ParentIndex is not null)
            throw new ArgumentException("What a link is built on cannot be changed.");
        Write(writer);
        if (Alias is null)
            return;
        if (Encoding.UTF8.GetByteCount(Alias) > 255 || Alias.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("An alias has at most 255 bytes, and no NUL character.");
        if (Alias.Length == 0)
            writer.WriteBytes(LinkAttribute.IFLA_IFALIAS, []);
        else
            writer.WriteText(LinkAttribute.IFLA_IFALIAS, Alias);
    }

    private void Write(MessageWriter writer)
    {
        if (Name is not null)
            writer.WriteText(LinkAttribute.IFLA_IFNAME, LinkName.Check(Name));
        writer.Write(LinkAttribute.IFLA_MTU, NotNegative(Mtu, "MTU"));
        if (Address is not null)
            writer.WriteBytes(LinkAttribute.IFLA_ADDRESS, Address.GetAddressBytes());
        writer.Write(LinkAttribute.IFLA_MASTER, NotNegative(MasterIndex, "index of a master"));
        writer.Write(LinkAttribute.IFLA_LINK, NotNegative(ParentIndex, "index of a parent"));
        writer.Write(LinkAttribute.IFLA_GROUP, NotNegative(Group, "group"));
        writer.Write(LinkAttribute.IFLA_TXQLEN, NotNegative(TransmitQueueLength, "length of a queue"));
        if (NetworkNamespace is not null)
            writer.WriteDescriptor(LinkAttribute.IFLA_NET_NS_FD, NetworkNamespace);
    }

    private static int? NotNegative(int? value, string what) => value is null or >= 0 ? value : throw new ArgumentException($"The {what} is negative: {value}.");
}
