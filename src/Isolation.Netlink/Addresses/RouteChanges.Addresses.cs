using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Gives a link an address.</summary>
    /// <exception cref="NetlinkException">EEXIST: it has it already; ENODEV: there is no such link; EINVAL: the kernel refuses it.</exception>
    public void AddAddress(InterfaceAddress address) => Submit(address, RouteMessageType.RTM_NEWADDR, Create, "add the address");

    /// <summary>Gives a link an address, or changes the flags and lifetimes of one that it has.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EINVAL: the kernel refuses it.</exception>
    public void ReplaceAddress(InterfaceAddress address) => Submit(address, RouteMessageType.RTM_NEWADDR, CreateOrReplace, "replace the address");

    /// <summary>Takes an address from a link.</summary>
    /// <exception cref="NetlinkException">EADDRNOTAVAIL: it does not have it; ENODEV: there is no such link.</exception>
    public void DeleteAddress(InterfaceAddress address) => Submit(address, RouteMessageType.RTM_DELADDR, 0, "delete the address");

    private void Submit(InterfaceAddress address, RouteMessageType type, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(address);
        Submit(new RequestDescription(type, flags, operation, address), address);
    }
}
