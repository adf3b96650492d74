using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>One end of a pair whose packets BPF programs decide on (Linux 6.7). The end that is made is the primary one.</summary>
public sealed record NetkitLink() : LinkKind(KindName)
{
    internal const string KindName = "netkit";

    internal NetkitLink(AttributeReader data)
        : this()
    {
        foreach (Wire.Attribute attribute in data)
        {
            switch ((NetkitAttribute)attribute.Type)
            {
                case NetkitAttribute.IFLA_NETKIT_MODE:
                    Mode = attribute.Number<NetkitMode>();
                    break;
                case NetkitAttribute.IFLA_NETKIT_POLICY:
                    Policy = attribute.Number<NetkitPolicy>();
                    break;
                case NetkitAttribute.IFLA_NETKIT_PEER_POLICY:
                    PeerPolicy = attribute.Number<NetkitPolicy>();
                    break;
                case NetkitAttribute.IFLA_NETKIT_SCRUB:
                    Scrub = attribute.Number<NetkitScrub>();
                    break;
                case NetkitAttribute.IFLA_NETKIT_PEER_SCRUB:
                    PeerScrub = attribute.Number<NetkitScrub>();
                    break;
                case NetkitAttribute.IFLA_NETKIT_HEADROOM:
                    Headroom = attribute.Number<ushort>();
                    break;
                case NetkitAttribute.IFLA_NETKIT_TAILROOM:
                    Tailroom = attribute.Number<ushort>();
                    break;
                case NetkitAttribute.IFLA_NETKIT_PRIMARY:
                    IsPrimary = attribute.Boolean;
                    break;
                default:
                    KeepUnknown(attribute);
                    break;
            }
        }
    }

    /// <summary>Whether packets begin with IP or with Ethernet. It cannot be changed (IFLA_NETKIT_MODE).</summary>
    public NetkitMode? Mode { get; init; }

    /// <summary>What happens to packets without a program (IFLA_NETKIT_POLICY).</summary>
    public NetkitPolicy? Policy { get; init; }

    /// <summary>What happens to packets of the peer without a program (IFLA_NETKIT_PEER_POLICY).</summary>
    public NetkitPolicy? PeerPolicy { get; init; }

    /// <summary>Whether marks and priorities are taken from packets. Linux 6.13 (IFLA_NETKIT_SCRUB).</summary>
    public NetkitScrub? Scrub { get; init; }

    /// <summary>The same for packets of the peer. Linux 6.13 (IFLA_NETKIT_PEER_SCRUB).</summary>
    public NetkitScrub? PeerScrub { get; init; }

    /// <summary>Bytes that are kept free before packets. Linux 6.14 (IFLA_NETKIT_HEADROOM).</summary>
    public ushort? Headroom { get; init; }

    /// <summary>Bytes that are kept free after packets. Linux 6.14 (IFLA_NETKIT_TAILROOM).</summary>
    public ushort? Tailroom { get; init; }

    /// <summary>The other end, when a pair is made. Null: the kernel chooses its name. A list does not tell it; see <see cref="Link.ParentIndex"/> (IFLA_NETKIT_PEER_INFO).</summary>
    public LinkSettings? Peer { get; init; }

    /// <summary>Told only: whether it is the primary end (IFLA_NETKIT_PRIMARY).</summary>
    public bool? IsPrimary { get; private init; }

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new NetkitLink(data), AttributeSpace.Of<NetkitAttribute>().With(NetkitAttribute.IFLA_NETKIT_PEER_INFO, LinkAttributes.Space));

    private protected override void WriteData(MessageWriter writer)
    {
        writer.Write(NetkitAttribute.IFLA_NETKIT_MODE, Mode);
        writer.Write(NetkitAttribute.IFLA_NETKIT_POLICY, Policy);
        writer.Write(NetkitAttribute.IFLA_NETKIT_PEER_POLICY, PeerPolicy);
        writer.Write(NetkitAttribute.IFLA_NETKIT_SCRUB, Scrub);
        writer.Write(NetkitAttribute.IFLA_NETKIT_PEER_SCRUB, PeerScrub);
        writer.Write(NetkitAttribute.IFLA_NETKIT_HEADROOM, Headroom);
        writer.Write(NetkitAttribute.IFLA_NETKIT_TAILROOM, Tailroom);
        Peer?.WriteAsPeer(writer, NetkitAttribute.IFLA_NETKIT_PEER_INFO);
    }
}
