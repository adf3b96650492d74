using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial class RouteClient
{
    /// <summary>The addresses of the network namespace's links.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no link with the filter's index.</exception>
    public Listing<InterfaceAddress> ListAddresses(AddressFilter? filter = null)
    {
        using Dump dump = _connection.Dump(new RequestDescription(RouteMessageType.RTM_GETADDR, 0, "list addresses", null), filter ?? AddressFilter.All);
        var addresses = new List<InterfaceAddress>();
        foreach (ReadOnlySpan<byte> body in dump)
            addresses.Add(InterfaceAddress.Read(body));
        return new Listing<InterfaceAddress>(addresses, dump.IsInterrupted);
    }
}
