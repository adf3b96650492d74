using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Matches every packet (tc-matchall(8)).</summary>
public sealed record MatchAllFilter() : TrafficFilterKind(KindName)
{
    internal const string KindName = "matchall";

    /// <summary>How many packets it has matched, as they were listed.</summary>
    public long Hits { get; init; }

    internal static MatchAllFilter ReadOptions(AttributeReader attributes)
    {
        var filter = new MatchAllFilter();
        foreach (Wire.Attribute attribute in attributes)
        {
            filter = (MatchAllAttribute)attribute.Type switch
            {
                MatchAllAttribute.TCA_MATCHALL_CLASSID => filter with { ClassId = new TrafficHandle(attribute.Number<uint>()) },
                MatchAllAttribute.TCA_MATCHALL_ACT => filter with { Actions = ReadActions(attribute.Attributes) },
                MatchAllAttribute.TCA_MATCHALL_FLAGS => filter with { Flags = (TrafficFilterFlags)attribute.Number<uint>() },
                MatchAllAttribute.TCA_MATCHALL_PCNT => filter with { Hits = attribute.Struct<long>() },
                _ => filter,
            };
        }

        return filter;
    }

    internal override void WriteOptions(MessageWriter writer, EtherType protocol)
    {
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
            WriteShared(writer, MatchAllAttribute.TCA_MATCHALL_CLASSID, MatchAllAttribute.TCA_MATCHALL_ACT, MatchAllAttribute.TCA_MATCHALL_FLAGS);
    }
}
