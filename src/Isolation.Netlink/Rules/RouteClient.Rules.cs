using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The rules of the network namespace, each family's in the order in which they are tried, IPv4 before IPv6.</summary>
    /// <param name="family">IPv4 or IPv6; null for both.</param>
    public Listing<RoutingRule> ListRules(AddressFamily? family = null)
    {
        var rules = new List<RoutingRule>();
        bool isInterrupted = false;
        foreach (AddressFamily one in (ReadOnlySpan<AddressFamily>)(family is { } known ? [known] : [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6]))
        {
            try
            {
                using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETRULE, 0, "list rules", null), new ListRulesRequest(one));
                foreach (ReadOnlySpan<byte> body in dump)
                    rules.Add(RoutingRule.Read(body));
                isInterrupted |= dump.IsInterrupted;
            }
            catch (NetlinkException e) when (e.Errno == Errno.EAFNOSUPPORT && family is null)
            {
                // A kernel without IPv6.
            }
        }

        return new Listing<RoutingRule>(rules, isInterrupted);
    }

    /// <inheritdoc/>
    public override void AddRule(RoutingRule rule)
    {
        base.AddRule(rule);
        if (rule.NewerSelectors == 0 || ListRules(rule.Family).Any(r => (r.NewerSelectors & rule.NewerSelectors) == rule.NewerSelectors))
            return;
        DeleteRule(rule);
        throw new NetlinkException("add the rule", rule.ToString(), Errno.EOPNOTSUPP, nameof(RouteMessageType.RTM_NEWRULE), default, hint: $"This kernel does not know all of its selectors: {rule.NewerSelectors}.");
    }

    private readonly record struct ListRulesRequest(AddressFamily Family) : IRequestBody
    {
        public void WriteTo(MessageWriter writer) => writer.WriteHeader(new RuleHeader { family = IPFamily.ToKernel(Family) });
    }
}
