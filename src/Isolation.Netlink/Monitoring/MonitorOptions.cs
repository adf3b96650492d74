namespace Isolation.Netlink;

/// <summary>What a <see cref="NetworkMonitor"/> tells, and how it goes on when it could not keep up.</summary>
public sealed record MonitorOptions
{
    /// <summary>What is told of.</summary>
    public MonitoredKinds Kinds { get; init; } = MonitoredKinds.All;

    /// <summary>First tell what there is, with <see cref="ChangeSource.Listing"/>; its end is <see cref="Synchronized"/>.</summary>
    public bool ListExisting { get; init; }

    /// <summary>
    /// After an <see cref="Overrun"/>, list what there is and tell the difference from what was told before, so that whoever
    /// follows knows the kernel's state again. For that the monitor remembers everything that it told.
    /// </summary>
    public bool ResynchronizeAfterOverrun { get; init; } = true;

    /// <summary>
    /// The bytes of messages that the kernel keeps for the monitor; the kernel doubles the number for its own needs, and does
    /// not use them before they are needed. More than <c>net.core.rmem_max</c> needs CAP_NET_ADMIN (SO_RCVBUFFORCE); without it, that is the limit
    /// (socket(7)).
    /// </summary>
    public int ReceiveBufferSize { get; init; } = 4 << 20;
}
