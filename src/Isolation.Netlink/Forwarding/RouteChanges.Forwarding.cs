using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Adds a forwarding entry.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is one for the address; ENODEV: there is no such link; EOPNOTSUPP: it has no such table; EINVAL: the kernel refuses it.</exception>
    public void AddForwardingEntry(ForwardingEntry entry) => Submit(entry, RouteMessageType.RTM_NEWNEIGH, Create, "add the forwarding entry");

    /// <summary>Adds a destination to those that a VXLAN link has for an address: frames go to each.</summary>
    /// <exception cref="NetlinkException">EEXIST: it is there already; EINVAL, EOPNOTSUPP: the kernel refuses it, also for a single host's address.</exception>
    public void AppendForwardingEntry(ForwardingEntry entry) => Submit(entry, RouteMessageType.RTM_NEWNEIGH, CreateAfter, "append the forwarding entry");

    /// <summary>Adds a forwarding entry, or puts it in the place of the one for the address.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EOPNOTSUPP: it has no such table; EINVAL: the kernel refuses it.</exception>
    public void ReplaceForwardingEntry(ForwardingEntry entry) => Submit(entry, RouteMessageType.RTM_NEWNEIGH, CreateOrReplace, "replace the forwarding entry");

    /// <summary>Deletes a forwarding entry.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; ENODEV: there is no such link; EOPNOTSUPP: it has no such table.</exception>
    public void DeleteForwardingEntry(ForwardingEntry entry) => Submit(entry, RouteMessageType.RTM_DELNEIGH, 0, "delete the forwarding entry");

    private void Submit(ForwardingEntry entry, RouteMessageType type, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Submit(new RequestDescription(type, flags, operation, entry), entry);
    }
}
