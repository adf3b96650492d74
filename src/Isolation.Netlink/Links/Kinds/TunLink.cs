using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A link whose packets a program reads and writes (Documentation/networking/tuntap.rst). <see cref="TunTapDevice"/> makes one; rtnetlink only tells of it.</summary>
public sealed record TunLink : LinkKind
{
    internal const string KindName = "tun";

    internal TunLink(AttributeReader data)
        : base(KindName)
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((TunAttribute)attribute.Type)
            {
                case TunAttribute.IFLA_TUN_TYPE:
                    Type = attribute.Number<TunTapType>();
                    break;
                case TunAttribute.IFLA_TUN_OWNER:
                    Owner = attribute.Number<uint>();
                    break;
                case TunAttribute.IFLA_TUN_GROUP:
                    Group = attribute.Number<uint>();
                    break;
                case TunAttribute.IFLA_TUN_PI:
                    PacketInformation = attribute.Boolean;
                    break;
                case TunAttribute.IFLA_TUN_VNET_HDR:
                    VirtualNetHeader = attribute.Boolean;
                    break;
                case TunAttribute.IFLA_TUN_PERSIST:
                    IsPersistent = attribute.Boolean;
                    break;
                case TunAttribute.IFLA_TUN_MULTI_QUEUE:
                    IsMultiQueue = attribute.Boolean;
                    break;
                case TunAttribute.IFLA_TUN_NUM_QUEUES:
                    Queues = attribute.Number<uint>();
                    break;
                case TunAttribute.IFLA_TUN_NUM_DISABLED_QUEUES:
                    DisabledQueues = attribute.Number<uint>();
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>Whether packets begin with IP or with Ethernet (IFLA_TUN_TYPE).</summary>
    public TunTapType? Type { get; private init; }

    /// <summary>The user who may open it besides the administrator; null for everybody (IFLA_TUN_OWNER).</summary>
    public uint? Owner { get; private init; }

    /// <summary>The group that may open it besides the administrator; null for everybody (IFLA_TUN_GROUP).</summary>
    public uint? Group { get; private init; }

    /// <summary>Whether four bytes before each packet tell what it is (IFLA_TUN_PI).</summary>
    public bool? PacketInformation { get; private init; }

    /// <summary>Whether a struct virtio_net_hdr comes before each packet (IFLA_TUN_VNET_HDR).</summary>
    public bool? VirtualNetHeader { get; private init; }

    /// <summary>Whether it stays when nobody has it open (IFLA_TUN_PERSIST).</summary>
    public bool? IsPersistent { get; private init; }

    /// <summary>Whether it can be opened several times (IFLA_TUN_MULTI_QUEUE).</summary>
    public bool? IsMultiQueue { get; private init; }

    /// <summary>How often it is open; only with several queues (IFLA_TUN_NUM_QUEUES).</summary>
    public uint? Queues { get; private init; }

    /// <summary>How many of them are detached; only with several queues (IFLA_TUN_NUM_DISABLED_QUEUES).</summary>
    public uint? DisabledQueues { get; private init; }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new TunLink(data), AttributeSpace.Of<TunAttribute>());

    private protected override void WriteData(MessageWriter writer)
    {
        throw new ArgumentException("A tun or tap is made by TunTapDevice, and cannot be changed by rtnetlink.");
    }
}
