using System.Collections.Frozen;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Makes a kind of link of what IFLA_INFO_DATA holds.</summary>
internal delegate LinkKind LinkKindReader(AttributeReader data);

/// <summary>Makes a port of what IFLA_INFO_SLAVE_DATA holds.</summary>
internal delegate LinkPort LinkPortReader(AttributeReader data);

/// <summary>A kind of link that has a type here.</summary>
/// <param name="Name">The kernel's name of it.</param>
/// <param name="Read">Makes one.</param>
/// <param name="Attributes">What its attributes mean.</param>
internal sealed record LinkKindEntry(string Name, LinkKindReader Read, AttributeSpace Attributes);

/// <summary>A kind of port that has a type here.</summary>
/// <param name="Name">The kernel's name of the master's kind.</param>
/// <param name="Read">Makes one.</param>
/// <param name="Attributes">What its attributes mean.</param>
internal sealed record LinkPortEntry(string Name, LinkPortReader Read, AttributeSpace Attributes);

/// <summary>The kinds of links that have a type here.</summary>
internal static class LinkKinds
{
    private static readonly FrozenDictionary<string, LinkKindEntry> s_kinds = new[]
    {
        VethLink.Entry, BridgeLink.Entry, VlanLink.Entry, MacvlanLink.Entry, MacvtapLink.Entry, IPVlanLink.Entry, IPVtapLink.Entry,
        VxlanLink.Entry, GeneveLink.Entry, GreLink.Entry, GreTapLink.Entry, IPv6GreLink.Entry, IPv6GreTapLink.Entry, IPInIPLink.Entry,
        SitLink.Entry, IPv6TunnelLink.Entry, DummyLink.Entry, IfbLink.Entry, WireGuardLink.Entry, BondLink.Entry, VrfLink.Entry,
        XfrmLink.Entry, TunLink.Entry, NetkitLink.Entry,
    }.ToFrozenDictionary(k => k.Name);

    private static readonly FrozenDictionary<string, LinkPortEntry> s_ports = new[] { BridgePort.Entry, BondPort.Entry, VrfPort.Entry }.ToFrozenDictionary(p => p.Name);

    private static readonly FrozenDictionary<string, LinkKindEntry>.AlternateLookup<ReadOnlySpan<char>> s_names = s_kinds.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All of them.</summary>
    public static IEnumerable<LinkKindEntry> All => s_kinds.Values;

    /// <summary>All of the ports.</summary>
    public static IEnumerable<LinkPortEntry> AllPorts => s_ports.Values;

    public static LinkKindEntry? Find(string name) => s_kinds.GetValueOrDefault(name);

    public static LinkPortEntry? FindPort(string name) => s_ports.GetValueOrDefault(name);

    /// <summary>The name of a kind, where it has a type here.</summary>
    public static string? KnownName(ReadOnlySpan<char> name) => s_names.TryGetValue(name, out LinkKindEntry? kind) ? kind.Name : null;
}
