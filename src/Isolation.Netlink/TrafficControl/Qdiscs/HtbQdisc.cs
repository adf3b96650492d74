using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Shares a link among classes, each with a rate of its own, that borrow from each other: a hierarchical token bucket (tc-htb(8)). Its classes are <see cref="HtbClass"/>.</summary>
public sealed record HtbQdisc() : QdiscKind(KindName)
{
    internal const string KindName = "htb";

    // TC_HTB_PROTOVER of linux/pkt_sched.h.
    private const uint Version = 3;

    /// <summary>The minor number of the class for what no filter classifies; 0 for none: that is sent at once.</summary>
    public ushort DefaultClass { get; init; }

    /// <summary>A class's rate in bytes a second, divided by this, is its quantum if it gives none (r2q).</summary>
    public long RateToQuantum { get; init; } = 10;

    /// <summary>Packets that no class takes and that wait at the most; null for as many as the link's queue has. It is for a new one.</summary>
    public long? DirectQueueLength { get; init; }

    /// <summary>Packets that went through without a class, as they were listed.</summary>
    public long DirectPackets { get; init; }

    internal static HtbQdisc ReadOptions(AttributeReader attributes)
    {
        HtbData data = default;
        uint? queue = null;
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)HtbAttribute.TCA_HTB_INIT)
                data = attribute.Struct<HtbData>();
            else if (attribute.Type == (ushort)HtbAttribute.TCA_HTB_DIRECT_QLEN)
                queue = attribute.Number<uint>();
        }

        return new HtbQdisc { DefaultClass = (ushort)data.defcls, RateToQuantum = data.rate2quantum, DirectQueueLength = queue, DirectPackets = data.direct_pkts };
    }

    internal override void WriteOptions(MessageWriter writer, bool isNew)
    {
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
        {
            writer.Write(HtbAttribute.TCA_HTB_INIT, new HtbData { version = Version, rate2quantum = TrafficUnits.Check(RateToQuantum, nameof(RateToQuantum)), defcls = DefaultClass });
            writer.Write(HtbAttribute.TCA_HTB_DIRECT_QLEN, TrafficUnits.Check(DirectQueueLength, nameof(DirectQueueLength)));
        }
    }
}
