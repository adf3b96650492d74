using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Bands of which the first is always served before the next (tc-prio(8)). Each is a class: of discipline 1:, the first band is 1:1.</summary>
public sealed record PrioQdisc() : QdiscKind(KindName)
{
    internal const string KindName = "prio";

    private const int MostBands = 16;

    /// <summary>The number of bands: 2 to 16.</summary>
    public int Bands { get; init; } = 3;

    /// <summary>The band, from 0, for each of the 16 priorities of a packet (SO_PRIORITY of socket(7)), for what no filter classifies.</summary>
    public ImmutableArray<byte> PriorityMap { get; init; } = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];

    /// <summary>Compares all properties, the map band by band.</summary>
    public bool Equals(PrioQdisc? other) => other is not null && Bands == other.Bands && PriorityMap.SequenceEqual(other.PriorityMap);

    /// <inheritdoc/>
    public override int GetHashCode() => Bands;

    internal static PrioQdisc ReadOptions(ReadOnlySpan<byte> options)
    {
        PrioData data = Message.ReadFixed<PrioData>(options, out _);
        return new PrioQdisc { Bands = data.bands, PriorityMap = [.. (ReadOnlySpan<byte>)data.priomap] };
    }

    internal override void WriteOptions(MessageWriter writer, bool isNew)
    {
        if (Bands is < 2 or > MostBands)
            throw new ArgumentException($"There are 2 to {MostBands} bands, not {Bands}.");
        if (PriorityMap.IsDefault || PriorityMap.Length != PrioData.Map.Length || PriorityMap.Any(b => b >= Bands))
            throw new ArgumentException($"The map has a band below {Bands} for each of {PrioData.Map.Length} priorities.");
        var data = new PrioData { bands = Bands };
        PriorityMap.CopyTo(data.priomap);
        writer.Write(TrafficAttribute.TCA_OPTIONS, data);
    }
}
