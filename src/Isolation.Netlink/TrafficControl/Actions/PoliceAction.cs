using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Limits packets to a rate, in bytes or in packets, without a queue: what is too much is dropped, or treated otherwise (tc-police(8)).</summary>
public sealed record PoliceAction() : TrafficAction(KindName)
{
    internal const string KindName = "police";

    private const int Multiple = 3;

    /// <summary>The rate; null for none in bytes. It needs <see cref="Burst"/>.</summary>
    public DataRate? Rate { get; init; }

    /// <summary>Bytes that may come at once above the rate.</summary>
    public long? Burst { get; init; }

    /// <summary>The rate within a burst; null for none. It needs <see cref="LargestPacket"/>.</summary>
    public DataRate? PeakRate { get; init; }

    /// <summary>
    /// Larger packets exceed the rate in any case (mtu); null for no such limit. tc(8) leaves 2040 bytes if it is not told
    /// otherwise, so that packets which are sent in segments (GSO) never conform.
    /// </summary>
    public long? LargestPacket { get; init; }

    /// <summary>The rate in packets a second; null for none. It needs <see cref="PacketBurst"/>.</summary>
    public long? PacketRate { get; init; }

    /// <summary>Packets that may come at once above the rate.</summary>
    public long? PacketBurst { get; init; }

    /// <summary>What happens to packets that exceed the rate. tc(8) begins them again with the first filter if it is not told otherwise; here they are dropped.</summary>
    public ActionControl Exceed { get; init; } = ActionControl.Drop;

    /// <summary>What happens to the others.</summary>
    public ActionControl Conform { get; init; } = ActionControl.Pass;

    internal static PoliceAction ReadOptions(AttributeReader attributes)
    {
        PoliceData data = default;
        long largeRate = 0, largePeak = 0, packetRate = 0, packetBurst = 0;
        ActionControl conform = ActionControl.Pass;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((PoliceAttribute)attribute.Type)
            {
                case PoliceAttribute.TCA_POLICE_TBF:
                    data = attribute.Struct<PoliceData>();
                    break;
                case PoliceAttribute.TCA_POLICE_RESULT:
                    conform = new ActionControl(attribute.Number<int>());
                    break;
                case PoliceAttribute.TCA_POLICE_RATE64:
                    largeRate = attribute.Number<long>();
                    break;
                case PoliceAttribute.TCA_POLICE_PEAKRATE64:
                    largePeak = attribute.Number<long>();
                    break;
                case PoliceAttribute.TCA_POLICE_PKTRATE64:
                    packetRate = attribute.Number<long>();
                    break;
                case PoliceAttribute.TCA_POLICE_PKTBURST64:
                    packetBurst = attribute.Number<long>();
                    break;
            }
        }

        DataRate rate = TrafficUnits.FromRate(data.rate, largeRate), peak = TrafficUnits.FromRate(data.peakrate, largePeak);
        return new PoliceAction
        {
            Index = (int)data.index,
            Rate = rate.BytesPerSecond > 0 ? rate : null,
            Burst = rate.BytesPerSecond > 0 ? TrafficUnits.FromTicks(rate, data.burst) : null,
            PeakRate = peak.BytesPerSecond > 0 ? peak : null,
            LargestPacket = data.mtu is 0 or uint.MaxValue ? null : data.mtu,
            PacketRate = packetRate > 0 ? packetRate : null,
            PacketBurst = packetRate > 0 ? TrafficUnits.FromTicks(new DataRate(packetRate), packetBurst) : null,
            Exceed = new ActionControl(data.action),
            Conform = conform,
        };
    }

    private protected override void WriteOptions(MessageWriter writer, uint index)
    {
        if (Rate.HasValue != Burst.HasValue || PacketRate.HasValue != PacketBurst.HasValue)
            throw new ArgumentException("A rate and a burst need each other.");
        if (Rate.HasValue == PacketRate.HasValue)
            throw new ArgumentException("A police action has a rate either in bytes or in packets.");
        if (PeakRate.HasValue && (Rate is null || LargestPacket is null))
            throw new ArgumentException("A peak rate needs a rate and the largest packet.");
        using (writer.Nest(ActionAttribute.TCA_ACT_OPTIONS))
        {
            writer.Write(PoliceAttribute.TCA_POLICE_TBF, new PoliceData
            {
                index = index,
                action = Exceed.Value,
                burst = Rate is { } of ? TrafficUnits.ToTicks(TrafficUnits.Check(of, nameof(Rate)), TrafficUnits.Check(Burst!.Value, nameof(Burst)), nameof(Burst)) : 0,
                mtu = TrafficUnits.Check(LargestPacket, nameof(LargestPacket)) ?? uint.MaxValue,
                rate = Rate is { } rate ? WithCells(TrafficUnits.ToRate(rate)) : default,
                peakrate = PeakRate is { } peak ? WithCells(TrafficUnits.ToRate(TrafficUnits.Check(peak, nameof(PeakRate)))) : default,
            });
            WriteRate(writer, Rate, PoliceAttribute.TCA_POLICE_RATE, PoliceAttribute.TCA_POLICE_RATE64);
            WriteRate(writer, PeakRate, PoliceAttribute.TCA_POLICE_PEAKRATE, PoliceAttribute.TCA_POLICE_PEAKRATE64);
            if (PacketRate is { } packetRate)
            {
                writer.Write(PoliceAttribute.TCA_POLICE_PKTRATE64, TrafficUnits.Check(new DataRate(packetRate), nameof(PacketRate)).BytesPerSecond);
                writer.Write(PoliceAttribute.TCA_POLICE_PKTBURST64, (long)TrafficUnits.ToTicks(new DataRate(packetRate), TrafficUnits.Check(PacketBurst!.Value, nameof(PacketBurst)), nameof(PacketBurst)));
            }

            if (Conform != ActionControl.Pass)
                writer.Write(PoliceAttribute.TCA_POLICE_RESULT, Conform.Value);
        }
    }

    // Unlike tbf and htb, tcf_police_init refuses a rate without a table of transmission times, though it computes them itself.
    private static RateData WithCells(RateData rate) => rate with { cell_log = Multiple, cell_align = -1 };

    private static void WriteRate(MessageWriter writer, DataRate? given, PoliceAttribute table, PoliceAttribute large)
    {
        if (given is not { } rate)
            return;
        TrafficUnits.WriteLarge(writer, large, rate);
        Span<uint> times = stackalloc uint[TrafficConstants.TC_RTAB_SIZE / sizeof(uint)];
        for (int i = 0; i < times.Length; i++)
            times[i] = TrafficUnits.ToTicks(rate, (i + 1) << Multiple, "A packet");
        writer.WriteBytes(table, MemoryMarshal.AsBytes(times));
    }
}
