using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>How a queueing discipline treats packets, with the settings that only its kind has (tc(8), QDISCS).</summary>
public abstract record QdiscKind
{
    private protected QdiscKind(string name) => Name = name;

    /// <summary>The kernel's name of the kind: <c>netem</c>, <c>htb</c>.</summary>
    public string Name { get; }

    /// <summary>Where such a discipline stands if nothing else is said.</summary>
    internal virtual TrafficHandle DefaultParent => TrafficHandle.Root;

    /// <summary>The handle that it has if nothing else is said.</summary>
    internal virtual TrafficHandle DefaultHandle => TrafficHandle.None;

    /// <summary>Reads TCA_OPTIONS.</summary>
    internal static QdiscKind Read(string name, ReadOnlySpan<byte> options) => name switch
    {
        NetemQdisc.KindName => NetemQdisc.ReadOptions(options),
        TbfQdisc.KindName => TbfQdisc.ReadOptions(new AttributeReader(options)),
        HtbQdisc.KindName => HtbQdisc.ReadOptions(new AttributeReader(options)),
        FqQdisc.KindName => FqQdisc.ReadOptions(new AttributeReader(options)),
        FqCodelQdisc.KindName => FqCodelQdisc.ReadOptions(new AttributeReader(options)),
        PrioQdisc.KindName => PrioQdisc.ReadOptions(options),
        PfifoQdisc.KindName => PfifoQdisc.ReadOptions(options),
        BfifoQdisc.KindName => BfifoQdisc.ReadOptions(options),
        IngressQdisc.KindName => new IngressQdisc(),
        ClsactQdisc.KindName => new ClsactQdisc(),
        _ => GenericQdisc.ReadOptions(name, options),
    };

    /// <summary>Reads TCA_STATS_APP; null where nothing is known of it.</summary>
    internal static KindStatistics? ReadStatistics(string name, ReadOnlySpan<byte> statistics) => name switch
    {
        FqQdisc.KindName => FqStatistics.Read(statistics),
        FqCodelQdisc.KindName => FqCodelStatistics.Read(statistics),
        _ => null,
    };

    /// <summary>Writes TCA_OPTIONS, if there is something to write.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isNew">There is no such discipline yet, so what is left out is the kernel's default and not what was set before.</param>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    internal abstract void WriteOptions(MessageWriter writer, bool isNew);
}
