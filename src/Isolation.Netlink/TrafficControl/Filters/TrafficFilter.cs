namespace Isolation.Netlink;

/// <summary>A filter: matches packets of a queueing discipline, gives them to a class and does something with them (tc(8), FILTERS). What a list returns can be deleted.</summary>
/// <param name="InterfaceIndex">The index of the link.</param>
/// <param name="Parent">Where it stands: a discipline such as 1:, a class, <see cref="TrafficHandle.IngressFilters"/> or <see cref="TrafficHandle.EgressFilters"/>.</param>
/// <param name="Kind">Which packets it matches, and what it does with them.</param>
public sealed partial record TrafficFilter(int InterfaceIndex, TrafficHandle Parent, TrafficFilterKind Kind)
{
    /// <summary>The order among filters, lowest first: 1 to 65,535. 0: the kernel chooses one for a new filter. Those of one priority have one kind and protocol.</summary>
    public int Priority { get; init; }

    /// <summary>What the packets carry.</summary>
    public EtherType Protocol { get; init; } = EtherType.All;

    /// <summary>The chain that it belongs to. Packets begin in chain 0.</summary>
    public int Chain { get; init; }

    /// <summary>The number by which the kernel knows it within its priority; 0: it chooses one. Of u32 it has three parts, see <see cref="U32Filter.MakeHandle"/>.</summary>
    public long Handle { get; init; }

    /// <summary>As tc(8) writes it, in short: <c>u32 prio 5 handle 0x1 parent 1: of link 3</c>.</summary>
    public override string ToString() => $"{Kind.Name} prio {Priority} handle 0x{Handle:x} parent {Parent} of link {InterfaceIndex}";
}
