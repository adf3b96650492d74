using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record NetemQdisc
{
    /// <summary>Reads TCA_OPTIONS: struct tc_netem_qopt, then attributes.</summary>
    internal static NetemQdisc ReadOptions(ReadOnlySpan<byte> options)
    {
        NetemData data = Message.ReadFixed<NetemData>(options, out AttributeReader attributes);
        long delay = TrafficUnits.FromTicks(data.latency), jitter = TrafficUnits.FromTicks(data.jitter), largeRate = 0;
        NetemCorrelationData correlations = default;
        NetemProbabilityData reorder = default, corrupt = default;
        NetemRateData rate = default;
        NetemSlotData slot = default;
        NetemLossModel? lossModel = null;
        bool marks = false;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((NetemAttribute)attribute.Type)
            {
                case NetemAttribute.TCA_NETEM_LATENCY64:
                    delay = attribute.Number<long>();
                    break;
                case NetemAttribute.TCA_NETEM_JITTER64:
                    jitter = attribute.Number<long>();
                    break;
                case NetemAttribute.TCA_NETEM_CORR:
                    correlations = attribute.Struct<NetemCorrelationData>();
                    break;
                case NetemAttribute.TCA_NETEM_REORDER:
                    reorder = attribute.Struct<NetemProbabilityData>();
                    break;
                case NetemAttribute.TCA_NETEM_CORRUPT:
                    corrupt = attribute.Struct<NetemProbabilityData>();
                    break;
                case NetemAttribute.TCA_NETEM_LOSS:
                    lossModel = NetemLossModel.Read(attribute.Attributes);
                    break;
                case NetemAttribute.TCA_NETEM_RATE:
                    rate = attribute.Struct<NetemRateData>();
                    break;
                case NetemAttribute.TCA_NETEM_RATE64:
                    largeRate = attribute.Number<long>();
                    break;
                case NetemAttribute.TCA_NETEM_ECN:
                    marks = attribute.Number<uint>() != 0;
                    break;
                case NetemAttribute.TCA_NETEM_SLOT:
                    slot = attribute.Struct<NetemSlotData>();
                    break;
            }
        }

        bool hasRate = rate.rate > 0 || largeRate > 0;
        return new NetemQdisc
        {
            Delay = TrafficUnits.FromNanoseconds(delay),
            Jitter = TrafficUnits.FromNanoseconds(jitter),
            DelayCorrelation = TrafficUnits.FromProbability(correlations.delay_corr),
            Limit = data.limit,
            Loss = lossModel is null ? TrafficUnits.FromProbability(data.loss) : 0,
            LossCorrelation = TrafficUnits.FromProbability(correlations.loss_corr),
            LossModel = lossModel,
            MarksInsteadOfLoss = marks,
            Duplicate = TrafficUnits.FromProbability(data.duplicate),
            DuplicateCorrelation = TrafficUnits.FromProbability(correlations.dup_corr),
            Corrupt = TrafficUnits.FromProbability(corrupt.probability),
            CorruptCorrelation = TrafficUnits.FromProbability(corrupt.correlation),
            Reorder = TrafficUnits.FromProbability(reorder.probability),
            ReorderCorrelation = TrafficUnits.FromProbability(reorder.correlation),
            Gap = data.gap,
            Rate = hasRate ? TrafficUnits.FromRate(new RateData { rate = rate.rate }, largeRate) : null,
            PacketOverhead = rate.packet_overhead,
            CellSize = rate.cell_size,
            CellOverhead = rate.cell_overhead,
            Slot = ReadSlot(slot),
        };
    }

    internal override void WriteOptions(MessageWriter writer, bool isNew)
    {
        Check();

        // The kernel keeps the distance between two delays in an int.
        long delay = TrafficUnits.ToNanoseconds(Delay, nameof(Delay)), jitter = TrafficUnits.ToNanoseconds(Jitter, nameof(Jitter), int.MaxValue);
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
        {
            writer.WriteHeader(new NetemData
            {
                latency = TrafficUnits.ToTicks(delay, out bool isDelayExact),
                limit = TrafficUnits.Check(Limit, nameof(Limit), least: 0),
                loss = TrafficUnits.ToProbability(Loss, nameof(Loss)),
                gap = Math.Max(TrafficUnits.Check(Gap, nameof(Gap), least: 0), Reorder > 0 ? 1u : 0),
                duplicate = TrafficUnits.ToProbability(Duplicate, nameof(Duplicate)),
                jitter = TrafficUnits.ToTicks(jitter, out bool isJitterExact),
            });
            if (!isDelayExact)
                writer.Write(NetemAttribute.TCA_NETEM_LATENCY64, delay);
            if (!isJitterExact)
                writer.Write(NetemAttribute.TCA_NETEM_JITTER64, jitter);
            WriteOthers(writer, isNew);
        }
    }

    // netem_change leaves what has no attribute as it was, so all that can be changed is told then.
    private void WriteOthers(MessageWriter writer, bool isNew)
    {
        if (!isNew || DelayCorrelation != 0 || LossCorrelation != 0 || DuplicateCorrelation != 0)
        {
            writer.Write(NetemAttribute.TCA_NETEM_CORR, new NetemCorrelationData
            {
                delay_corr = TrafficUnits.ToProbability(DelayCorrelation, nameof(DelayCorrelation)),
                loss_corr = TrafficUnits.ToProbability(LossCorrelation, nameof(LossCorrelation)),
                dup_corr = TrafficUnits.ToProbability(DuplicateCorrelation, nameof(DuplicateCorrelation)),
            });
        }

        WriteProbability(writer, NetemAttribute.TCA_NETEM_REORDER, Reorder, nameof(Reorder), ReorderCorrelation, nameof(ReorderCorrelation), isNew && Gap == 0);
        WriteProbability(writer, NetemAttribute.TCA_NETEM_CORRUPT, Corrupt, nameof(Corrupt), CorruptCorrelation, nameof(CorruptCorrelation), isNew);
        if (!isNew || MarksInsteadOfLoss)
            writer.Write(NetemAttribute.TCA_NETEM_ECN, MarksInsteadOfLoss ? 1u : 0);
        if (LossModel is not null)
        {
            using (writer.Nest(NetemAttribute.TCA_NETEM_LOSS))
                LossModel.WriteTo(writer);
        }

        WriteRate(writer, isNew);
        if (Distribution is not null)
            writer.WriteBytes(NetemAttribute.TCA_NETEM_DELAY_DIST, MemoryMarshal.AsBytes(Distribution.Values));
        if (!isNew || Slot is not null)
            writer.Write(NetemAttribute.TCA_NETEM_SLOT, WriteSlot());
    }

    private void WriteRate(MessageWriter writer, bool isNew)
    {
        if (Rate is { } rate)
            TrafficUnits.WriteLarge(writer, NetemAttribute.TCA_NETEM_RATE64, TrafficUnits.Check(rate, nameof(Rate)));
        else if (isNew)
            return;
        writer.Write(NetemAttribute.TCA_NETEM_RATE, new NetemRateData
        {
            rate = (uint)Math.Min(Rate?.BytesPerSecond ?? 0, uint.MaxValue),
            packet_overhead = PacketOverhead,
            cell_size = TrafficUnits.Check(CellSize, nameof(CellSize), least: 0),
            cell_overhead = CellOverhead,
        });
    }

    private static void WriteProbability(MessageWriter writer, NetemAttribute type, double probability, string what, double correlation, string whatCorrelation, bool canBeLeftOut)
    {
        if (!canBeLeftOut || probability != 0 || correlation != 0)
            writer.Write(type, new NetemProbabilityData { probability = TrafficUnits.ToProbability(probability, what), correlation = TrafficUnits.ToProbability(correlation, whatCorrelation) });
    }

    private NetemSlotData WriteSlot() => Slot is null ? default : new NetemSlotData
    {
        min_delay = TrafficUnits.ToNanoseconds(Slot.MinimumDelay, nameof(Slot.MinimumDelay)),
        max_delay = TrafficUnits.ToNanoseconds(Slot.MaximumDelay, nameof(Slot.MaximumDelay)),
        max_packets = Slot.PacketLimit,
        max_bytes = Slot.ByteLimit,
    };

    // No limit is INT_MAX to the kernel.
    private static NetemSlot? ReadSlot(NetemSlotData slot) => (slot.min_delay | slot.max_delay) == 0
        ? null
        : new NetemSlot(TrafficUnits.FromNanoseconds(slot.min_delay), TrafficUnits.FromNanoseconds(slot.max_delay))
        {
            PacketLimit = slot.max_packets == int.MaxValue ? 0 : slot.max_packets,
            ByteLimit = slot.max_bytes == int.MaxValue ? 0 : slot.max_bytes,
        };

    private void Check()
    {
        if (Loss != 0 && LossModel is not null)
            throw new ArgumentException("Loss is either a share or a model.");
        if (Distribution is not null && Jitter == TimeSpan.Zero)
            throw new ArgumentException("A distribution needs a jitter that it spreads.");
        if (Reorder != 0 && Delay == TimeSpan.Zero)
            throw new ArgumentException("Packets that do not wait are not reordered: give a delay.");
        if (Rate is null && (PacketOverhead != 0 || CellSize != 0 || CellOverhead != 0))
            throw new ArgumentException("Overheads and cells need a rate.");
        if (Slot is not null && (Slot.MaximumDelay < Slot.MinimumDelay || Slot.MaximumDelay <= TimeSpan.Zero || Slot.PacketLimit < 0 || Slot.ByteLimit < 0))
            throw new ArgumentException($"The slot is out of range: {Slot}.");
    }
}
