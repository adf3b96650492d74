using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Which links are listed. The kernel does the filtering where nothing else is said.</summary>
public sealed record LinkFilter : IRequestBody
{
    /// <summary>The kernel's name of the kind: <c>veth</c>, <c>bridge</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The index of the bridge, bond or VRF that they belong to.</summary>
    public int? MasterIndex { get; init; }

    /// <summary>Whether they are switched on. This is filtered here, not by the kernel.</summary>
    public bool? IsUp { get; init; }

    /// <summary>The group that they are in. This is filtered here, not by the kernel.</summary>
    public int? Group { get; init; }

    /// <summary>What is told of them besides the usual.</summary>
    public LinkDetails Details { get; init; }

    internal static LinkFilter All { get; } = new();

    void IRequestBody.WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(default(LinkHeader));
        Details.WriteTo(writer);
        writer.Write(LinkAttribute.IFLA_MASTER, LinkValue.NotNegative(MasterIndex, nameof(MasterIndex)));
        if (Kind is null)
            return;
        using (writer.Nest(LinkAttribute.IFLA_LINKINFO))
            writer.WriteText(LinkInfoAttribute.IFLA_INFO_KIND, Kind);
    }

    // A kernel that has never heard of the kind does not filter by it.
    internal bool Matches(Link link)
        => (Kind is null || link.Kind?.Name == Kind) && (IsUp is null || link.IsUp == IsUp) && (Group is null || link.Group == Group);
}
