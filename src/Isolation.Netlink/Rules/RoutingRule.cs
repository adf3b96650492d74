using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Isolation.Netlink;

/// <summary>Which packets look for their route where (ip-rule(8)). What is null or 0 is not asked for. What a list returns can be deleted.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
public sealed partial record RoutingRule(AddressFamily Family)
{
    /// <summary>When it is tried: the lowest first. Null: before all others but the first for a new one, any when deleting.</summary>
    public uint? Priority { get; init; }

    /// <summary>What happens to packets.</summary>
    public RoutingRuleAction Action { get; init; } = RoutingRuleAction.LookUp;

    /// <summary>The table that is looked into; 0 for none, or when <see cref="UsesMasterTable"/>.</summary>
    public int Table { get; init; }

    /// <summary>The priority of the rule that the search goes on at, with <see cref="RoutingRuleAction.GoTo"/>.</summary>
    public uint? Target { get; init; }

    /// <summary>The rule is for the packets that do not match.</summary>
    public bool IsInverted { get; init; }

    /// <summary>Where packets come from.</summary>
    public IPNetwork? Source { get; init; }

    /// <summary>Where packets go to.</summary>
    public IPNetwork? Destination { get; init; }

    /// <summary>The name of the link that packets come by; <c>lo</c> for those of this host.</summary>
    public string? InputInterface { get; init; }

    /// <summary>The name of the link that packets' sockets are bound to.</summary>
    public string? OutputInterface { get; init; }

    /// <summary>The mark of packets.</summary>
    public uint? Mark { get; init; }

    /// <summary>Which bits of the mark count; null for all.</summary>
    public uint? MarkMask { get; init; }

    /// <summary>The type of service, or of IPv6 the traffic class, of packets.</summary>
    public byte TypeOfService { get; init; }

    /// <summary>The code point of packets: 0 to 63 (Linux 6.13). It excludes <see cref="TypeOfService"/>.</summary>
    public byte? CodePoint { get; init; }

    /// <summary>Which bits of the code point count; null for all (Linux 6.15).</summary>
    public byte? CodePointMask { get; init; }

    /// <summary>IPv6: the flow label of packets (Linux 6.14).</summary>
    public uint? FlowLabel { get; init; }

    /// <summary>IPv6: which bits of the flow label count; null for all (Linux 6.14).</summary>
    public uint? FlowLabelMask { get; init; }

    /// <summary>TCP, UDP or another protocol.</summary>
    public ProtocolType? IPProtocol { get; init; }

    /// <summary>The source ports of packets, which need an <see cref="IPProtocol"/> with ports.</summary>
    public PortRange? SourcePorts { get; init; }

    /// <summary>Which bits of the source port count, with a range of one; null for all (Linux 6.15).</summary>
    public ushort? SourcePortMask { get; init; }

    /// <summary>The destination ports of packets.</summary>
    public PortRange? DestinationPorts { get; init; }

    /// <summary>Which bits of the destination port count, with a range of one; null for all (Linux 6.15).</summary>
    public ushort? DestinationPortMask { get; init; }

    /// <summary>The users that packets belong to.</summary>
    public UserIdRange? UserIds { get; init; }

    /// <summary>The id of the tunnel that packets come by; 0 for any.</summary>
    public ulong TunnelId { get; init; }

    /// <summary>The table is that of the VRF of the packets' link (<c>l3mdev</c>).</summary>
    public bool UsesMasterTable { get; init; }

    /// <summary>A route with a prefix of at most this many bits does not count: 0 for the default route; null for all count.</summary>
    public int? SuppressedPrefixLength { get; init; }

    /// <summary>A route by a link of this group does not count; null for all count.</summary>
    public int? SuppressedInterfaceGroup { get; init; }

    /// <summary>IPv4: the realms that packets get; null for none.</summary>
    public RouteRealms? Realms { get; init; }

    /// <summary>Who made it; null for unknown, and any when deleting.</summary>
    public RouteProtocol? Protocol { get; init; }

    /// <summary>What the kernel tells of it.</summary>
    public RoutingRuleFlags Flags { get; internal init; }

    /// <summary>Those of its selectors that kernels in use may not know.</summary>
    internal NewerRuleSelectors NewerSelectors
        => (CodePoint is null ? 0 : NewerRuleSelectors.CodePoint)
            | (FlowLabel is null ? 0 : NewerRuleSelectors.FlowLabel)
            | (CodePointMask is null or 0x3f ? 0 : NewerRuleSelectors.CodePointMask)
            | (SourcePortMask is null or ushort.MaxValue ? 0 : NewerRuleSelectors.SourcePortMask)
            | (DestinationPortMask is null or ushort.MaxValue ? 0 : NewerRuleSelectors.DestinationPortMask);

    // The kernel keeps the bits behind the prefix, and finds a rule by them too.
    private IPAddress? SourceBits { get; init; }

    private IPAddress? DestinationBits { get; init; }

    /// <summary>As ip(8) writes it, in short: <c>100: from 10.0.0.0/8 lookup 77</c>.</summary>
    public override string ToString()
    {
        string priority = Priority is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known}: ") : "";
        string to = Destination is { } destination ? $" to {destination}" : "";
        string action = Action switch
        {
            RoutingRuleAction.LookUp => UsesMasterTable ? "lookup [l3mdev-table]" : string.Create(CultureInfo.InvariantCulture, $"lookup {Table}"),
            RoutingRuleAction.GoTo => string.Create(CultureInfo.InvariantCulture, $"goto {Target}"),
            RoutingRuleAction.Nothing => "nop",
            _ => Action.ToString().ToLowerInvariant(),
        };
        return $"{priority}{(IsInverted ? "not " : "")}from {Source?.ToString() ?? "all"}{to} {action}";
    }
}
