using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Which neighbours are listed. The kernel does the filtering.</summary>
public sealed record NeighborFilter : IRequestBody
{
    /// <summary>IPv4 or IPv6; null for both.</summary>
    public AddressFamily? Family { get; init; }

    /// <summary>The index of the link; null for all.</summary>
    public int? InterfaceIndex { get; init; }

    /// <summary>The index of the bridge or VRF that the link belongs to; null for all.</summary>
    public int? MasterIndex { get; init; }

    /// <summary>Those that this host answers for, instead of the others.</summary>
    public bool IsProxy { get; init; }

    internal static NeighborFilter All { get; } = new();

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new NeighborHeader
        {
            ndm_family = Family is { } family ? IPFamily.ToKernel(family) : NetlinkConstants.AF_UNSPEC,
            ndm_flags = (byte)(IsProxy ? NeighborFlags.Proxy : NeighborFlags.None),
        });
        writer.Write(NeighborAttribute.NDA_IFINDEX, InterfaceIndex);
        writer.Write(NeighborAttribute.NDA_MASTER, MasterIndex);
    }
}

/// <summary>Asks for one neighbour. The kernel wants nothing else than its key then.</summary>
internal readonly record struct GetNeighborRequest(int InterfaceIndex, IPAddress Address, bool IsProxy) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new NeighborHeader
        {
            ndm_family = IPFamily.ToKernel(Address.AddressFamily),
            ndm_ifindex = InterfaceIndex,
            ndm_flags = (byte)(IsProxy ? NeighborFlags.Proxy : NeighborFlags.None),
        });
        writer.WriteAddress(NeighborAttribute.NDA_DST, Address);
    }
}
