namespace Isolation.Netlink;

/// <summary>The units that kinds of links have their times in, as ticks of <see cref="TimeSpan"/>.</summary>
internal static class LinkTime
{
    /// <summary>USER_HZ (time(7)): the unit of times that the kernel tells to programs.</summary>
    public const long Clock = TimeSpan.TicksPerSecond / 100;

    public const long Millisecond = TimeSpan.TicksPerMillisecond;

    public const long Second = TimeSpan.TicksPerSecond;
}
