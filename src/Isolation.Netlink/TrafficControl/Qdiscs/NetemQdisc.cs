namespace Isolation.Netlink;

/// <summary>Makes a link worse: late, lossy, slow, out of order (tc-netem(8)). It works on what leaves by the link.</summary>
/// <remarks>
/// All shares are from 0 to 1. A correlation makes each decision like the one before. Random numbers are the kernel's, which
/// takes times to the nanosecond; <see cref="TimeSpan"/> has steps of 100 ns.
/// </remarks>
public sealed partial record NetemQdisc() : QdiscKind(KindName)
{
    internal const string KindName = "netem";

    /// <summary>How long each packet waits.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>By how much the delay varies, up and down: at most 2.147 seconds, to which the kernel would cut it silently.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How much a delay is like the one before.</summary>
    public double DelayCorrelation { get; init; }

    /// <summary>How the delay varies by <see cref="Jitter"/>; null for uniformly, or as before when changing. A list does not tell it.</summary>
    public NetemDistribution? Distribution { get; init; }

    /// <summary>The packets that are held at the most. Those that wait because of the delay count: 1 Gbit/s by 100 ms is more than 8,000.</summary>
    public long Limit { get; init; } = 1000;

    /// <summary>The share of packets that are lost, each for itself. Not together with <see cref="LossModel"/>.</summary>
    public double Loss { get; init; }

    /// <summary>How much a loss is like the one before.</summary>
    public double LossCorrelation { get; init; }

    /// <summary>A model by which losses come in bursts; null for <see cref="Loss"/>.</summary>
    public NetemLossModel? LossModel { get; init; }

    /// <summary>Marks packets that can be marked (ECN) instead of losing them.</summary>
    public bool MarksInsteadOfLoss { get; init; }

    /// <summary>The share of packets that come twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>How much a duplication is like the one before.</summary>
    public double DuplicateCorrelation { get; init; }

    /// <summary>The share of packets in which one bit is changed.</summary>
    public double Corrupt { get; init; }

    /// <summary>How much a corruption is like the one before.</summary>
    public double CorruptCorrelation { get; init; }

    /// <summary>The share of packets that are sent at once, before those that wait for <see cref="Delay"/>. It needs a delay.</summary>
    public double Reorder { get; init; }

    /// <summary>How much a reordering is like the one before.</summary>
    public double ReorderCorrelation { get; init; }

    /// <summary>Only each such packet may be sent at once. 0: each one if there is <see cref="Reorder"/>.</summary>
    public long Gap { get; init; }

    /// <summary>The rate of the link; null for no limit.</summary>
    public DataRate? Rate { get; init; }

    /// <summary>Bytes that each packet counts more (or less) for <see cref="Rate"/>.</summary>
    public int PacketOverhead { get; init; }

    /// <summary>Bytes of the cells that a packet is cut into for <see cref="Rate"/>; 0 for none.</summary>
    public long CellSize { get; init; }

    /// <summary>Bytes that each cell counts more (or less) for <see cref="Rate"/>.</summary>
    public int CellOverhead { get; init; }

    /// <summary>Sends in bursts, as a shared medium does; null for not.</summary>
    public NetemSlot? Slot { get; init; }
}

/// <summary>Packets wait until the next slot, and then some of them are sent together (tc-netem(8), slot).</summary>
/// <param name="MinimumDelay">The least time between slots.</param>
/// <param name="MaximumDelay">The most time between slots.</param>
public sealed record NetemSlot(TimeSpan MinimumDelay, TimeSpan MaximumDelay)
{
    /// <summary>The packets of a slot at the most; 0 for no limit.</summary>
    public int PacketLimit { get; init; }

    /// <summary>The bytes of a slot at the most; 0 for no limit.</summary>
    public int ByteLimit { get; init; }
}
