namespace Isolation.Netlink;

/// <summary>The kernel had more to tell than the monitor's receive buffer had room for: changes are missing from here on (ENOBUFS, netlink(7)).</summary>
/// <remarks>With <see cref="MonitorOptions.ResynchronizeAfterOverrun"/>, what is missing follows as ordinary changes, and then <see cref="Synchronized"/>.</remarks>
public sealed record Overrun : NetworkEvent
{
    internal Overrun()
    {
    }
}

/// <summary>All that there is has been told: after <see cref="MonitorOptions.ListExisting"/>, and again after each <see cref="Overrun"/> that was made good.</summary>
public sealed record Synchronized : NetworkEvent
{
    internal Synchronized()
    {
    }
}
