using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What is done with a packet that a filter matches (tc-actions(8)). What a list returns can be deleted.</summary>
public abstract record TrafficAction
{
    // TCA_ACT_MAX_PRIO of linux/pkt_cls.h.
    private const int MostOfFilter = 32;

    private protected TrafficAction(string name) => Name = name;

    /// <summary>The kernel's name of the kind: <c>mirred</c>, <c>gact</c>.</summary>
    public string Name { get; }

    /// <summary>The number by which the kernel knows it among those of its kind. 0: it chooses one. A filter can use an action that there is, by its number.</summary>
    public int Index { get; init; }

    /// <summary>The counters, as they were listed.</summary>
    public TrafficStatistics Statistics { get; init; }

    /// <summary>As tc(8) writes it, in short: <c>mirred index 1</c>.</summary>
    public sealed override string ToString() => $"{Name} index {Index}";

    /// <summary>Writes a list of actions: each is numbered by its order, from 1.</summary>
    internal static void WriteAll<T>(MessageWriter writer, T type, ImmutableArray<TrafficAction> actions)
        where T : unmanaged, Enum
    {
        if (actions.IsDefaultOrEmpty)
            return;
        if (actions.Length > MostOfFilter)
            throw new ArgumentException($"There are at most {MostOfFilter} actions, not {actions.Length}.");
        using (writer.Nest(type))
        {
            for (int i = 0; i < actions.Length; i++)
            {
                using (writer.Nest(ActionPlace.First + (ushort)i))
                    actions[i].WriteTo(writer);
            }
        }
    }

    /// <summary>Reads a list of actions.</summary>
    internal static void ReadAll(AttributeReader list, ICollection<TrafficAction> actions)
    {
        foreach (Wire.Attribute action in list)
            actions.Add(Read(action.Attributes));
    }

    /// <summary>Writes what it is known by.</summary>
    internal void WriteKey(MessageWriter writer)
    {
        writer.WriteText(ActionAttribute.TCA_ACT_KIND, Name);
        writer.Write(ActionAttribute.TCA_ACT_INDEX, CheckIndex());
    }

    /// <summary>Writes TCA_ACT_OPTIONS.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    private protected abstract void WriteOptions(MessageWriter writer, uint index);

    private static TrafficAction Read(AttributeReader attributes)
    {
        string? name = null;
        ReadOnlySpan<byte> options = [];
        uint index = 0;
        TrafficStatistics statistics = default;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((ActionAttribute)attribute.Type)
            {
                case ActionAttribute.TCA_ACT_KIND:
                    name = attribute.Text;
                    break;
                case ActionAttribute.TCA_ACT_OPTIONS:
                    options = attribute.Value;
                    break;
                case ActionAttribute.TCA_ACT_INDEX:
                    index = attribute.Number<uint>();
                    break;
                case ActionAttribute.TCA_ACT_STATS:
                    statistics = TrafficStatistics.Read(attribute.Attributes, out _);
                    break;
            }
        }

        TrafficAction action = name switch
        {
            null or "" => throw NetlinkException.Malformed("an action without a kind"),
            MirredAction.KindName => MirredAction.ReadOptions(new AttributeReader(options)),
            GactAction.KindName => GactAction.ReadOptions(new AttributeReader(options)),
            PoliceAction.KindName => PoliceAction.ReadOptions(new AttributeReader(options)),
            _ => new GenericAction(name) { Options = options.ToArray(), Index = (int)index },
        };
        return action with { Statistics = statistics };
    }

    private void WriteTo(MessageWriter writer)
    {
        writer.WriteText(ActionAttribute.TCA_ACT_KIND, Name);
        WriteOptions(writer, CheckIndex());
    }

    private uint CheckIndex() => Index >= 0 ? (uint)Index : throw new ArgumentException($"The index of an action is negative: {Index}.");
}
