namespace Isolation.Netlink;

/// <summary>VLANs that a port of a bridge, or the bridge itself, takes part in (bridge(8), vlan). The bridge must have <see cref="BridgeLink.VlanFiltering"/> for them to count.</summary>
public sealed record BridgeVlan
{
    /// <summary>One VLAN.</summary>
    /// <param name="interfaceIndex">The index of the port or the bridge.</param>
    /// <param name="id">The VLAN: 1 to 4094.</param>
    public BridgeVlan(int interfaceIndex, int id)
        : this(interfaceIndex, id, id)
    {
    }

    /// <summary>Several VLANs.</summary>
    /// <param name="interfaceIndex">The index of the port or the bridge.</param>
    /// <param name="first">The first: 1 to 4094.</param>
    /// <param name="last">The last.</param>
    public BridgeVlan(int interfaceIndex, int first, int last)
    {
        InterfaceIndex = interfaceIndex;
        First = first;
        Last = last;
    }

    /// <summary>The index of the port or the bridge.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>The first VLAN.</summary>
    public int First { get; init; }

    /// <summary>The last VLAN.</summary>
    public int Last { get; init; }

    /// <summary>Whether <see cref="InterfaceIndex"/> is that of the bridge itself (BRIDGE_FLAGS_SELF).</summary>
    public bool IsOfBridge { get; init; }

    /// <summary>Whether packets that come in without a tag are of this VLAN; of one alone (BRIDGE_VLAN_INFO_PVID).</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether packets go out without a tag (BRIDGE_VLAN_INFO_UNTAGGED).</summary>
    public bool IsUntagged { get; init; }

    /// <summary>In short: <c>10-20</c>.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
