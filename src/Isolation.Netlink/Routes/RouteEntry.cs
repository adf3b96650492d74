using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A route where it was received, from <see cref="RouteClient.EnumerateRoutes"/>. Nothing is allocated for it.</summary>
public readonly ref struct RouteEntry : ISpanEntry<RouteEntry>
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly RouteHeader _header;

    private RouteEntry(ReadOnlySpan<byte> body)
    {
        _body = body;
        _header = Message.ReadFixed<RouteHeader>(body, out AttributeReader attributes);
        Table = _header.rtm_table;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((RouteAttribute)attribute.Type)
            {
                case RouteAttribute.RTA_DST:
                    Destination = attribute.Value;
                    break;
                case RouteAttribute.RTA_GATEWAY:
                    Gateway = attribute.Value;
                    break;
                case RouteAttribute.RTA_VIA:
                    // struct rtvia: the family, then the address.
                    Gateway = attribute.Value[Math.Min(sizeof(ushort), attribute.Value.Length)..];
                    break;
                case RouteAttribute.RTA_PREFSRC:
                    PreferredSource = attribute.Value;
                    break;
                case RouteAttribute.RTA_OIF:
                    InterfaceIndex = attribute.Number<int>();
                    break;
                case RouteAttribute.RTA_TABLE:
                    Table = attribute.Number<int>();
                    break;
                case RouteAttribute.RTA_PRIORITY:
                    Metric = attribute.Number<uint>();
                    break;
                case RouteAttribute.RTA_NH_ID:
                    NextHopId = attribute.Number<int>();
                    break;
                case RouteAttribute.RTA_MULTIPATH:
                    HasSeveralWays = true;
                    break;
            }
        }
    }

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family => IPFamily.FromKernel(_header.rtm_family);

    /// <summary>The bytes of the destination's address, as they go over the wire; empty for that of zeros.</summary>
    public ReadOnlySpan<byte> Destination { get; }

    /// <summary>How many of the destination's bits count; 0 for the default route.</summary>
    public int PrefixLength => _header.rtm_dst_len;

    /// <summary>The bytes of the router's address, 4 or 16 whatever the family of the route; empty when there is none, or several.</summary>
    public ReadOnlySpan<byte> Gateway { get; }

    /// <summary>The bytes of the source address that packets get; empty for the kernel's choice.</summary>
    public ReadOnlySpan<byte> PreferredSource { get; }

    /// <summary>The index of the link that packets leave by; 0 when there is none, or several.</summary>
    public int InterfaceIndex { get; }

    /// <summary>The number of the table.</summary>
    public int Table { get; }

    /// <summary>The metric.</summary>
    public uint Metric { get; }

    /// <summary>The id of a next-hop object; 0 for none.</summary>
    public int NextHopId { get; }

    /// <summary>Whether there are several ways, which <see cref="ToRoute"/> reads.</summary>
    public bool HasSeveralWays { get; }

    /// <summary>IPv4: the type of service that it is for.</summary>
    public byte TypeOfService => _header.rtm_tos;

    /// <summary>What happens to packets.</summary>
    public RouteType Type => (RouteType)_header.rtm_type;

    /// <summary>Who made it.</summary>
    public RouteProtocol Protocol => (RouteProtocol)_header.rtm_protocol;

    /// <summary>How far the destination is.</summary>
    public RouteScope Scope => (RouteScope)_header.rtm_scope;

    /// <summary>What the kernel tells of it.</summary>
    public RouteFlags Flags => Route.ToFlags(_header.rtm_flags);

    /// <summary>Everything of the route, as a value that can be kept.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    public Route ToRoute() => Route.Read(_body);

    static RouteEntry ISpanEntry<RouteEntry>.Read(ReadOnlySpan<byte> body) => new(body);
}
