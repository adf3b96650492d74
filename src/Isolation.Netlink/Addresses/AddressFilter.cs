using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Which addresses are listed. The kernel does the filtering.</summary>
public sealed record AddressFilter : IRequestBody
{
    /// <summary>The index of the link; null for all.</summary>
    public int? InterfaceIndex { get; init; }

    /// <summary>IPv4 or IPv6; null for both.</summary>
    public AddressFamily? Family { get; init; }

    internal static AddressFilter All { get; } = new();

    void IRequestBody.WriteTo(MessageWriter writer)
        => writer.WriteHeader(new AddressHeader
        {
            ifa_family = Family is { } family ? IPFamily.ToKernel(family) : NetlinkConstants.AF_UNSPEC,
            ifa_index = (uint)(InterfaceIndex ?? 0),
        });
}
