namespace Isolation.Netlink;

/// <summary>Where the packets of a netkit begin (enum netkit_mode).</summary>
public enum NetkitMode : uint
{
    /// <summary>With Ethernet (NETKIT_L2).</summary>
    L2 = 0,

    /// <summary>With IP (NETKIT_L3).</summary>
    L3 = 1,
}
