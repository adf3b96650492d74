using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Adds an action that filters can share: each names it by its kind and <see cref="TrafficAction.Index"/>.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is one with that index; ENOENT: the kernel has no such kind; EINVAL: a value is refused.</exception>
    public void AddTrafficAction(TrafficAction action) => SubmitAction(action, Create, "add the action");

    /// <summary>Adds an action, or changes the one with its index, for all filters that share it.</summary>
    /// <exception cref="NetlinkException">ENOENT: the kernel has no such kind; EINVAL: a value is refused.</exception>
    public void ReplaceTrafficAction(TrafficAction action) => SubmitAction(action, CreateOrReplace, "replace the action");

    /// <summary>Deletes an action by its kind and index.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EPERM: a filter uses it, or did until a moment ago.</exception>
    public void DeleteTrafficAction(TrafficAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Submit(new RequestDescription(RouteMessageType.RTM_DELACTION, 0, "delete the action", action), new DeleteActionRequest(action));
    }

    private void SubmitAction(TrafficAction action, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(action);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWACTION, flags, operation, action), new ActionRequest(action));
    }
}
