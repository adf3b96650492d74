using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Which links are listed. The kernel does the filtering.</summary>
public sealed record LinkFilter : IRequestBody
{
    /// <summary>The kernel's name of the kind: <c>veth</c>, <c>bridge</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The index of the bridge, bond or VRF that they belong to.</summary>
    public int? MasterIndex { get; init; }

    internal static LinkFilter All { get; } = new();

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(default(LinkHeader));

        // The statistics of IPv6, which nobody reads here, would be a third of the list. Those of the link come in any case.
        writer.Write(LinkAttribute.IFLA_EXT_MASK, LinkExtensionMask.RTEXT_FILTER_SKIP_STATS);
        writer.Write(LinkAttribute.IFLA_MASTER, MasterIndex);
        if (Kind is null)
            return;
        using (writer.Nest(LinkAttribute.IFLA_LINKINFO))
            writer.WriteText(LinkInfoAttribute.IFLA_INFO_KIND, Kind);
    }

    // A kernel that has never heard of the kind does not filter by it.
    internal bool Matches(Link link) => Kind is null || link.Kind?.Name == Kind;
}
