using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The actions of a kind, with their counters: those of filters, and those that were added by themselves.</summary>
    /// <param name="kind">The kernel's name of the kind: <c>mirred</c>, <c>gact</c>, <c>police</c>. Of one that it does not have there are none.</param>
    public Listing<TrafficAction> ListTrafficActions(string kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETACTION, 0, "list the actions of kind", kind), new ListActionsRequest(kind));
        var actions = new List<TrafficAction>();
        foreach (ReadOnlySpan<byte> body in dump)
        {
            Message.ReadFixed<ActionHeader>(body, out AttributeReader attributes);
            foreach (Wire.Attribute attribute in attributes)
            {
                if (attribute.Type == (ushort)ActionRootAttribute.TCA_ROOT_TAB)
                    TrafficAction.ReadAll(attribute.Attributes, actions);
            }
        }

        return new Listing<TrafficAction>(actions, dump.IsInterrupted);
    }
}
