namespace Isolation.Netlink;

/// <summary>Something that a <see cref="NetworkMonitor"/> tells. Its types are those in this package and no others.</summary>
public abstract record NetworkEvent
{
    private protected NetworkEvent()
    {
    }

    /// <summary>How the monitor came to know it.</summary>
    public ChangeSource Source { get; init; }

    /// <summary>
    /// The port of the netlink socket by which it was asked for (nlmsg_pid), to be compared with <see cref="RouteClient.PortId"/>; often the
    /// process id of the program, such as ip(8). 0: the kernel did it by itself, or does not tell.
    /// </summary>
    public long RequesterPortId { get; init; }
}

/// <summary>How a monitor came to know of something.</summary>
public enum ChangeSource
{
    /// <summary>The kernel told it when it happened.</summary>
    Notification,

    /// <summary>It was there when the monitor began.</summary>
    Listing,

    /// <summary>
    /// A list, compared with what had been told before: the kernel's message was lost in an <see cref="Overrun"/>, or the kernel sends
    /// none, as for IPv4 routes that go with a link that is switched off.
    /// </summary>
    Difference,
}

/// <summary>What every change of one message has in common.</summary>
internal readonly record struct ChangeOrigin(ChangeSource Source, long PortId, Interop.NetlinkMessageFlags Flags);
