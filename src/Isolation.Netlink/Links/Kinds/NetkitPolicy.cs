namespace Isolation.Netlink;

/// <summary>What happens to packets of a netkit without a program (enum netkit_action).</summary>
public enum NetkitPolicy : uint
{
    /// <summary>They pass (NETKIT_PASS).</summary>
    Forward = 0,

    /// <summary>They are dropped (NETKIT_DROP).</summary>
    Blackhole = 2,
}
