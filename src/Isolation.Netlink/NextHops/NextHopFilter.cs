using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Which next-hop objects are listed. The kernel does the filtering.</summary>
public sealed record NextHopFilter : IRequestBody
{
    /// <summary>IPv4 or IPv6; null for both, and groups.</summary>
    public AddressFamily? Family { get; init; }

    /// <summary>The index of the link that packets leave by; null for all.</summary>
    public int? InterfaceIndex { get; init; }

    /// <summary>The index of the VRF that the link belongs to; null for all.</summary>
    public int? MasterIndex { get; init; }

    /// <summary>Only groups.</summary>
    public bool IsGroup { get; init; }

    /// <summary>Only those for forwarding entries.</summary>
    public bool IsForForwarding { get; init; }

    internal static NextHopFilter All { get; } = new();

    // The kernel reads NHA_FDB and, up to 6.18 at least, does not filter by it.
    internal bool Matches(NextHopObject nextHop) => !IsForForwarding || nextHop.IsForForwarding;

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new NextHopObjectHeader { nh_family = Family is { } family ? IPFamily.ToKernel(family) : NetlinkConstants.AF_UNSPEC });
        writer.Write(NextHopAttribute.NHA_OIF, InterfaceIndex);
        writer.Write(NextHopAttribute.NHA_MASTER, MasterIndex);
        if (IsGroup)
            writer.WriteBytes(NextHopAttribute.NHA_GROUPS, []);
        if (IsForForwarding)
            writer.WriteBytes(NextHopAttribute.NHA_FDB, []);
    }
}

/// <summary>One next-hop object, or all buckets of one.</summary>
internal readonly record struct OneNextHopRequest(int Id) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(default(NextHopObjectHeader));
        writer.Write(NextHopAttribute.NHA_ID, Id);
    }
}
