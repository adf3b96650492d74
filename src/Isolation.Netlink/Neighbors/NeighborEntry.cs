using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A neighbour where it was received, from <see cref="RouteClient.EnumerateNeighbors"/>. Nothing is allocated for it.</summary>
public readonly ref struct NeighborEntry : ISpanEntry<NeighborEntry>
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly NeighborHeader _header;
    private readonly uint _extended;

    private NeighborEntry(ReadOnlySpan<byte> body)
    {
        _body = body;
        _header = Message.ReadFixed<NeighborHeader>(body, out AttributeReader attributes);
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((NeighborAttribute)attribute.Type)
            {
                case NeighborAttribute.NDA_DST:
                    Address = attribute.Value;
                    break;
                case NeighborAttribute.NDA_LLADDR:
                    LinkLayerAddress = attribute.Value;
                    break;
                case NeighborAttribute.NDA_FLAGS_EXT:
                    _extended = attribute.Number<uint>();
                    break;
            }
        }
    }

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family => IPFamily.FromKernel(_header.ndm_family);

    /// <summary>The index of the link.</summary>
    public int InterfaceIndex => _header.ndm_ifindex;

    /// <summary>The bytes of the address, as they go over the wire.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>The bytes of the hardware address; empty when it is not known.</summary>
    public ReadOnlySpan<byte> LinkLayerAddress { get; }

    /// <summary>How much is known of it.</summary>
    public NeighborState State => (NeighborState)_header.ndm_state;

    /// <summary>Its properties.</summary>
    public NeighborFlags Flags => (NeighborFlags)(_header.ndm_flags | (_extended << Neighbor.ExtendedShift));

    /// <summary>Everything of the neighbour, as a value that can be kept.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    public Neighbor ToNeighbor() => Neighbor.Read(_body);

    static NeighborEntry ISpanEntry<NeighborEntry>.Read(ReadOnlySpan<byte> body) => new(body);
}
