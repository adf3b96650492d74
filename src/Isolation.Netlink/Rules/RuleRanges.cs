namespace Isolation.Netlink;

/// <summary>Ports from one to another.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>One port.</summary>
    public PortRange(ushort port)
        : this(port, port)
    {
    }
}

/// <summary>Users from one to another.</summary>
/// <param name="First">The first user's id.</param>
/// <param name="Last">The last user's id.</param>
public readonly record struct UserIdRange(uint First, uint Last);
