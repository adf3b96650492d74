using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A question which way a packet would go (ip-route(8), <c>route get</c>).</summary>
/// <param name="Destination">Where it goes to.</param>
public sealed record RouteQuery(IPAddress Destination) : IRequestBody
{
    /// <summary>Its source address.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The index of the link that it came by: the answer is how it is forwarded. It needs a <see cref="Source"/>.</summary>
    public int? InputInterfaceIndex { get; init; }

    /// <summary>The index of the link that it has to leave by.</summary>
    public int? OutputInterfaceIndex { get; init; }

    /// <summary>Its mark (SO_MARK).</summary>
    public uint? Mark { get; init; }

    /// <summary>The user that it belongs to.</summary>
    public uint? UserId { get; init; }

    /// <summary>IPv4: its type of service.</summary>
    public byte TypeOfService { get; init; }

    /// <summary>TCP, UDP or ICMP, which rules can ask for.</summary>
    public ProtocolType? Protocol { get; init; }

    /// <summary>Its source port.</summary>
    public ushort? SourcePort { get; init; }

    /// <summary>Its destination port.</summary>
    public ushort? DestinationPort { get; init; }

    /// <summary>Whether the answer is the route that was found, with its own prefix, instead of one for the destination alone (RTM_F_FIB_MATCH).</summary>
    public bool IsForTableEntry { get; init; }

    /// <summary>The destination.</summary>
    public override string ToString() => Destination.ToString();

    // IPv4 answers with the main table whatever table it was, unless asked. IPv6 always tells it, and refuses the flag.
    private RouteRequestFlags TableFlag => Destination.AddressFamily == AddressFamily.InterNetwork ? RouteRequestFlags.RTM_F_LOOKUP_TABLE : 0;

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        ArgumentNullException.ThrowIfNull(Destination);
        if (Source is not null && Source.AddressFamily != Destination.AddressFamily)
            throw new ArgumentException($"The source {Source} and the destination {Destination} are of different families.");
        int bits = IPFamily.MaximumPrefix(Destination.AddressFamily);
        writer.WriteHeader(new RouteHeader
        {
            rtm_family = IPFamily.ToKernel(Destination.AddressFamily),
            rtm_dst_len = (byte)bits,
            rtm_src_len = (byte)(Source is null ? 0 : bits),
            rtm_tos = TypeOfService,
            rtm_flags = (uint)((IsForTableEntry ? RouteRequestFlags.RTM_F_FIB_MATCH : 0) | TableFlag),
        });
        writer.WriteAddress(RouteAttribute.RTA_DST, Destination);
        if (Source is not null)
            writer.WriteAddress(RouteAttribute.RTA_SRC, Source);
        writer.Write(RouteAttribute.RTA_IIF, InputInterfaceIndex);
        writer.Write(RouteAttribute.RTA_OIF, OutputInterfaceIndex);
        writer.Write(RouteAttribute.RTA_MARK, Mark);
        writer.Write(RouteAttribute.RTA_UID, UserId);
        writer.Write(RouteAttribute.RTA_IP_PROTO, (byte?)Protocol);

        // __be16, unlike most numbers here.
        writer.WriteBigEndian(RouteAttribute.RTA_SPORT, SourcePort);
        writer.WriteBigEndian(RouteAttribute.RTA_DPORT, DestinationPort);
    }
}
