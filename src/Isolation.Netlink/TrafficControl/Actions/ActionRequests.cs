using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>An action that is made or changed, without a filter.</summary>
internal readonly record struct ActionRequest(TrafficAction Action) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(default(ActionHeader));
        TrafficAction.WriteAll(writer, ActionRootAttribute.TCA_ROOT_TAB, [Action]);
    }
}

/// <summary>An action that is to go.</summary>
internal readonly record struct DeleteActionRequest(TrafficAction Action) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(default(ActionHeader));
        using (writer.Nest(ActionRootAttribute.TCA_ROOT_TAB))
        using (writer.Nest(ActionPlace.First))
            Action.WriteKey(writer);
    }
}

/// <summary>All actions of a kind.</summary>
internal readonly record struct ListActionsRequest(string Kind) : IRequestBody
{
    // TCA_ACT_FLAG_LARGE_DUMP_ON, as a struct nla_bitfield32: without it the kernel stops after 32.
    private const ulong LargeDump = 1 | (1UL << 32);

    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(default(ActionHeader));
        using (writer.Nest(ActionRootAttribute.TCA_ROOT_TAB))
        using (writer.Nest(ActionPlace.First))
            writer.WriteText(ActionAttribute.TCA_ACT_KIND, Kind);
        writer.Write(ActionRootAttribute.TCA_ROOT_FLAGS, LargeDump);
    }
}

/// <summary>The types of a list of actions only count.</summary>
internal enum ActionPlace : ushort
{
    First = 1,
}
