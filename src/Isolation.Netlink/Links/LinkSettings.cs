using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Isolation.Netlink;

/// <summary>What can be set of a link (ip-link(8)). What is null stays as it is, or is left to the kernel for a new link.</summary>
public sealed partial record LinkSettings
{
    /// <summary>The name: 15 bytes at the most. A link that is up can be renamed since Linux 6.2.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it is switched on.</summary>
    public bool? IsUp { get; init; }

    /// <summary>Bytes of a packet at the most.</summary>
    public int? Mtu { get; init; }

    /// <summary>The MAC address.</summary>
    public PhysicalAddress? Address { get; init; }

    /// <summary>The index of the bridge, bond or VRF that it joins; 0 leaves the one that it belongs to.</summary>
    public int? MasterIndex { get; init; }

    /// <summary>The index of the link that a new one is built on. It cannot be changed.</summary>
    public int? ParentIndex { get; init; }

    /// <summary>A descriptor of the network namespace that it is made in, or moves to. Making it there is the fast way.</summary>
    public SafeHandle? NetworkNamespace { get; init; }

    /// <summary>The group, by which links can be deleted together.</summary>
    public int? Group { get; init; }

    /// <summary>Packets that wait at the most.</summary>
    public int? TransmitQueueLength { get; init; }

    /// <summary>A description of up to 255 bytes; empty for none. It can be given only to a link that there is already.</summary>
    public string? Alias { get; init; }
}
