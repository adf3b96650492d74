using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Adds a rule.</summary>
    /// <remarks>
    /// A kernel leaves out a selector that is newer than itself, and so the rule would match more than it should. A client looks whether
    /// the kernel has kept what came after Linux 6.12, and takes the rule back if it has not; a batch cannot.
    /// </remarks>
    /// <exception cref="NetlinkException">EEXIST: there is this very rule; EINVAL: the kernel refuses it; EOPNOTSUPP: it refuses it, or does not know one of its selectors.</exception>
    public virtual void AddRule(RoutingRule rule) => Submit(rule, RouteMessageType.RTM_NEWRULE, Create, "add the rule");

    /// <summary>Deletes the first rule that matches what is given.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EPERM: it is permanent.</exception>
    public void DeleteRule(RoutingRule rule) => Submit(rule, RouteMessageType.RTM_DELRULE, 0, "delete the rule");

    private void Submit(RoutingRule rule, RouteMessageType type, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Submit(new RequestDescription(type, flags, operation, rule), rule);
    }
}
