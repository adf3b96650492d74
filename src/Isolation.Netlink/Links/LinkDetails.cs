using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What is told of links besides the usual. It costs time and memory.</summary>
[Flags]
public enum LinkDetails
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The virtual functions of SR-IOV with their counters (RTEXT_FILTER_VF): up to hundreds of kilobytes a link.</summary>
    VirtualFunctions = 1,

    /// <summary>The programs of XDP (IFLA_XDP).</summary>
    Xdp = 2,
}

/// <summary>The wire form of <see cref="LinkDetails"/>.</summary>
internal static class LinkDetailsWire
{
    /// <summary>Writes IFLA_EXT_MASK.</summary>
    public static void WriteTo(this LinkDetails details, MessageWriter writer)
    {
        // The statistics of IPv6, which nobody reads here, would be a third of what is told. Those of the link come in any case, but
        // those of virtual functions go with them.
        writer.Write(LinkAttribute.IFLA_EXT_MASK, details.HasFlag(LinkDetails.VirtualFunctions) ? LinkExtensionMask.RTEXT_FILTER_VF : LinkExtensionMask.RTEXT_FILTER_SKIP_STATS);
    }
}
