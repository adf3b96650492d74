using System.Collections.Immutable;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Which packets a filter matches, and what it does with them (tc(8), FILTERS).</summary>
public abstract record TrafficFilterKind
{
    private protected TrafficFilterKind(string name) => Name = name;

    /// <summary>The kernel's name of the kind: <c>u32</c>, <c>flower</c>.</summary>
    public string Name { get; }

    /// <summary>The class that the packets belong to; none for no class.</summary>
    public TrafficHandle ClassId { get; init; }

    /// <summary>What is done with the packets, in order; up to 32 actions.</summary>
    public ImmutableArray<TrafficAction> Actions { get; init; } = [];

    /// <summary>Where it works.</summary>
    public TrafficFilterFlags Flags { get; init; }

    /// <summary>Compares all properties, the actions one by one.</summary>
    public virtual bool Equals(TrafficFilterKind? other)
        => other is not null && EqualityContract == other.EqualityContract && (Name, ClassId, Flags) == (other.Name, other.ClassId, other.Flags) && Actions.SequenceEqual(other.Actions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, ClassId, Flags, Actions.Length);

    /// <summary>Reads TCA_OPTIONS.</summary>
    internal static TrafficFilterKind Read(string name, ReadOnlySpan<byte> options) => name switch
    {
        U32Filter.KindName => U32Filter.ReadOptions(new AttributeReader(options)),
        MatchAllFilter.KindName => MatchAllFilter.ReadOptions(new AttributeReader(options)),
        FlowerFilter.KindName => FlowerFilter.ReadOptions(new AttributeReader(options)),
        BpfFilter.KindName => BpfFilter.ReadOptions(new AttributeReader(options)),
        _ => new GenericFilter(name) { Options = options.ToArray() },
    };

    /// <summary>Writes TCA_OPTIONS, if there is something to write.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="protocol">What the packets carry.</param>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    internal abstract void WriteOptions(MessageWriter writer, EtherType protocol);

    /// <summary>Writes what all kinds have, by their own numbers.</summary>
    private protected void WriteShared<T>(MessageWriter writer, T classId, T actions, T flags)
        where T : unmanaged, Enum
    {
        if (ClassId != TrafficHandle.None)
            writer.Write(classId, ClassId.Value);
        TrafficAction.WriteAll(writer, actions, Actions);

        // What is told is not set.
        TrafficFilterFlags set = Flags & (TrafficFilterFlags.SkipHardware | TrafficFilterFlags.SkipSoftware);
        if (set != TrafficFilterFlags.None)
            writer.Write(flags, (uint)set);
    }

    private protected static ImmutableArray<TrafficAction> ReadActions(AttributeReader list)
    {
        var actions = ImmutableArray.CreateBuilder<TrafficAction>();
        TrafficAction.ReadAll(list, actions);
        return actions.DrainToImmutable();
    }
}
