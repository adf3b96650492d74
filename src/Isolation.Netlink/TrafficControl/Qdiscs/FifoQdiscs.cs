using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>First in, first out, with a limit of packets (tc-bfifo(8)).</summary>
public sealed record PfifoQdisc() : QdiscKind(KindName)
{
    internal const string KindName = "pfifo";

    /// <summary>Packets that wait at the most; null for the length of the link's queue.</summary>
    public long? PacketLimit { get; init; }

    internal static PfifoQdisc ReadOptions(ReadOnlySpan<byte> options) => new() { PacketLimit = Message.ReadFixed<uint>(options, out _) };

    internal override void WriteOptions(MessageWriter writer, bool isNew)
        => writer.Write(TrafficAttribute.TCA_OPTIONS, TrafficUnits.Check(PacketLimit, nameof(PacketLimit), least: 0));
}

/// <summary>First in, first out, with a limit of bytes (tc-bfifo(8)).</summary>
public sealed record BfifoQdisc() : QdiscKind(KindName)
{
    internal const string KindName = "bfifo";

    /// <summary>Bytes that wait at the most; null for the length of the link's queue in packets of the largest size.</summary>
    public long? ByteLimit { get; init; }

    internal static BfifoQdisc ReadOptions(ReadOnlySpan<byte> options) => new() { ByteLimit = Message.ReadFixed<uint>(options, out _) };

    internal override void WriteOptions(MessageWriter writer, bool isNew)
        => writer.Write(TrafficAttribute.TCA_OPTIONS, TrafficUnits.Check(ByteLimit, nameof(ByteLimit), least: 0));
}
