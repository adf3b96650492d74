using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Which routes are listed. The kernel does the filtering, so a small table beside a large one costs nothing.</summary>
public sealed record RouteFilter
{
    /// <summary>IPv4 or IPv6; null for both.</summary>
    public AddressFamily? Family { get; init; }

    /// <summary>The number of the table; null for all.</summary>
    public int? Table { get; init; }

    /// <summary>The index of the link that packets leave by.</summary>
    public int? InterfaceIndex { get; init; }

    /// <summary>Who made them.</summary>
    public RouteProtocol? Protocol { get; init; }

    /// <summary>What happens to packets.</summary>
    public RouteType? Type { get; init; }

    internal static RouteFilter All { get; } = new();
}

/// <summary>Asks for the routes of one family.</summary>
internal readonly record struct ListRoutesRequest(AddressFamily Family, RouteFilter Filter) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new RouteHeader
        {
            rtm_family = IPFamily.ToKernel(Family),
            rtm_protocol = (byte)(Filter.Protocol ?? 0),
            rtm_type = (byte)(Filter.Type ?? 0),
        });
        writer.Write(RouteAttribute.RTA_TABLE, Filter.Table);
        writer.Write(RouteAttribute.RTA_OIF, Filter.InterfaceIndex);
    }
}
