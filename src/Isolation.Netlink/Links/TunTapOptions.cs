namespace Isolation.Netlink;

/// <summary>What a tun or tap is to be (Documentation/networking/tuntap.rst).</summary>
public sealed record TunTapOptions
{
    /// <summary>Whether packets begin with IP or with Ethernet.</summary>
    public TunTapType Type { get; init; } = TunTapType.Tun;

    /// <summary>Whether four bytes before each packet tell what it is (without IFF_NO_PI).</summary>
    public bool PacketInformation { get; init; }

    /// <summary>Whether a struct virtio_net_hdr comes before each packet (IFF_VNET_HDR).</summary>
    public bool VirtualNetHeader { get; init; }

    /// <summary>Whether it can be opened several times, each a queue (IFF_MULTI_QUEUE).</summary>
    public bool IsMultiQueue { get; init; }

    /// <summary>Whether it must be new (IFF_TUN_EXCL). Otherwise one with the name is opened, or made.</summary>
    public bool IsNew { get; init; }

    /// <summary>Whether it stays when nobody has it open; null leaves it as it is (TUNSETPERSIST).</summary>
    public bool? IsPersistent { get; init; }

    /// <summary>The user who may open it besides the administrator; null leaves it as it is (TUNSETOWNER).</summary>
    public uint? Owner { get; init; }

    /// <summary>The group that may open it besides the administrator; null leaves it as it is (TUNSETGROUP).</summary>
    public uint? Group { get; init; }
}
