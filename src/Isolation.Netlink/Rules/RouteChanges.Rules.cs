using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Adds a rule.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is this very rule; EINVAL, EOPNOTSUPP: the kernel refuses it.</exception>
    public void AddRule(RoutingRule rule) => Submit(rule, RouteMessageType.RTM_NEWRULE, Create, "add the rule");

    /// <summary>Deletes the first rule that matches what is given.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EPERM: it is permanent.</exception>
    public void DeleteRule(RoutingRule rule) => Submit(rule, RouteMessageType.RTM_DELRULE, 0, "delete the rule");

    private void Submit(RoutingRule rule, RouteMessageType type, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Submit(new RequestDescription(type, flags, operation, rule), rule);
    }
}
