using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A forwarding entry where it was received, from <see cref="RouteClient.EnumerateForwardingEntries"/>. Nothing is allocated for it.</summary>
public readonly ref struct ForwardingSpanEntry : ISpanEntry<ForwardingSpanEntry>
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly NeighborHeader _header;

    private ForwardingSpanEntry(ReadOnlySpan<byte> body)
    {
        _body = body;
        _header = Message.ReadFixed<NeighborHeader>(body, out AttributeReader attributes);
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((NeighborAttribute)attribute.Type)
            {
                case NeighborAttribute.NDA_LLADDR:
                    Address = attribute.Value;
                    break;
                case NeighborAttribute.NDA_DST:
                    Destination = attribute.Value;
                    break;
                case NeighborAttribute.NDA_VLAN:
                    Vlan = attribute.Number<ushort>();
                    break;
                case NeighborAttribute.NDA_VNI:
                    Vni = attribute.Number<uint>();
                    break;
                case NeighborAttribute.NDA_MASTER:
                    MasterIndex = attribute.Number<int>();
                    break;
            }
        }
    }

    /// <summary>The index of the port or of the VXLAN link.</summary>
    public int InterfaceIndex => _header.ndm_ifindex;

    /// <summary>The bytes of the hardware address.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>The bytes of the address of the tunnel's other end, as they go over the wire; empty for none.</summary>
    public ReadOnlySpan<byte> Destination { get; }

    /// <summary>The VLAN; 0 for none.</summary>
    public ushort Vlan { get; }

    /// <summary>The network's id at the other end; 0 for that of the link.</summary>
    public uint Vni { get; }

    /// <summary>The index of the bridge that it belongs to; 0 for none.</summary>
    public int MasterIndex { get; }

    /// <summary>Whether it is for good, or ages.</summary>
    public NeighborState State => (NeighborState)_header.ndm_state;

    /// <summary>Everything of the entry, as a value that can be kept.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    public ForwardingEntry ToForwardingEntry() => ForwardingEntry.Read(_body);

    static ForwardingSpanEntry ISpanEntry<ForwardingSpanEntry>.Read(ReadOnlySpan<byte> body) => new(body);
}
