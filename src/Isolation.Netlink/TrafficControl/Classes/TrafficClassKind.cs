using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What a class of a queueing discipline is, with the settings that only its kind has (tc(8), CLASSES).</summary>
public abstract record TrafficClassKind
{
    private protected TrafficClassKind(string name) => Name = name;

    /// <summary>The kernel's name of the discipline's kind: <c>htb</c>.</summary>
    public string Name { get; }

    /// <summary>Reads TCA_OPTIONS.</summary>
    internal static TrafficClassKind Read(string name, ReadOnlySpan<byte> options) => name switch
    {
        HtbQdisc.KindName => HtbClass.ReadOptions(new AttributeReader(options)),
        _ => new GenericClass(name) { Options = options.ToArray() },
    };

    /// <summary>Reads TCA_STATS_APP; null where nothing is known of it.</summary>
    internal static KindStatistics? ReadStatistics(string name, ReadOnlySpan<byte> statistics)
        => name == HtbQdisc.KindName ? HtbClassStatistics.Read(statistics) : null;

    /// <summary>Writes TCA_OPTIONS, if there is something to write.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    internal abstract void WriteOptions(MessageWriter writer);
}
