using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Holds filters for what comes in by a link; their parent is <see cref="TrafficHandle.IngressFilters"/> (tc(8), ingress). It queues nothing.</summary>
public sealed record IngressQdisc() : QdiscKind(KindName)
{
    internal const string KindName = "ingress";

    internal override TrafficHandle DefaultParent => TrafficHandle.Ingress;

    internal override TrafficHandle DefaultHandle => new(0xFFFF, 0);

    internal override void WriteOptions(MessageWriter writer, bool isNew)
    {
    }
}

/// <summary>
/// Holds filters for what comes in by a link and for what goes out, beside any discipline at the root. Their parents are
/// <see cref="TrafficHandle.IngressFilters"/> and <see cref="TrafficHandle.EgressFilters"/> (tc(8), clsact). It queues nothing.
/// </summary>
public sealed record ClsactQdisc() : QdiscKind(KindName)
{
    internal const string KindName = "clsact";

    internal override TrafficHandle DefaultParent => TrafficHandle.Ingress;

    internal override TrafficHandle DefaultHandle => new(0xFFFF, 0);

    internal override void WriteOptions(MessageWriter writer, bool isNew)
    {
    }
}
