using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Drops packets, lets them pass, or sends them on to other filters or actions: the kernel's generic action (tc-actions(8), gact).</summary>
/// <param name="Control">What happens to the packet.</param>
public sealed record GactAction(ActionControl Control) : TrafficAction(KindName)
{
    internal const string KindName = "gact";

    /// <summary>Does something else with some packets; null for none.</summary>
    public GactChance? Chance { get; init; }

    internal static GactAction ReadOptions(AttributeReader attributes)
    {
        GactData data = default;
        GactProbabilityData probability = default;
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)GactAttribute.TCA_GACT_PARMS)
                data = attribute.Struct<GactData>();
            else if (attribute.Type == (ushort)GactAttribute.TCA_GACT_PROB)
                probability = attribute.Struct<GactProbabilityData>();
        }

        return new GactAction(new ActionControl(data.action))
        {
            Index = (int)data.index,
            Chance = probability.ptype == 0 ? null : new GactChance((GactChanceKind)probability.ptype, probability.pval, new ActionControl(probability.paction)),
        };
    }

    private protected override void WriteOptions(MessageWriter writer, uint index)
    {
        if (Chance is { } given && (!Enum.IsDefined(given.Kind) || given.Every is < 1 or > ushort.MaxValue))
            throw new ArgumentException($"The chance is out of range: {given}.");
        using (writer.Nest(ActionAttribute.TCA_ACT_OPTIONS))
        {
            writer.Write(GactAttribute.TCA_GACT_PARMS, new GactData { index = index, action = Control.Value });
            if (Chance is { } chance)
                writer.Write(GactAttribute.TCA_GACT_PROB, new GactProbabilityData { ptype = (ushort)chance.Kind, pval = (ushort)chance.Every, paction = chance.Control.Value });
        }
    }
}

/// <summary>Which packets <see cref="GactAction"/> treats otherwise.</summary>
/// <param name="Kind">Whether they are chosen by chance or counted.</param>
/// <param name="Every">One of how many: 1 to 65,535.</param>
/// <param name="Control">What happens to them.</param>
public readonly record struct GactChance(GactChanceKind Kind, int Every, ActionControl Control);

/// <summary>How <see cref="GactAction"/> chooses packets (PGACT_* of linux/tc_act/tc_gact.h).</summary>
public enum GactChanceKind
{
    /// <summary>By chance (PGACT_NETRAND).</summary>
    Random = 1,

    /// <summary>By counting (PGACT_DETERM).</summary>
    Counted = 2,
}
