using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>A link of the host that is in a container, with what is needed to bring it back as it was.</summary>
/// <remarks>A move takes the addresses, routes and the master from a link and switches it off (dev_change_net_namespace in the kernel).</remarks>
internal sealed class Loan
{
    private readonly Link _link;
    private readonly InterfaceAddress[] _addresses;
    private readonly Route[] _routes;
    private int _indexInside;

    private Loan(RouteClient host, string name)
    {
        _link = host.GetLink(name);
        _addresses = [.. host.ListAddresses(new AddressFilter { InterfaceIndex = _link.Index })];

        // The kernel makes its own with the addresses.
        _routes = [.. host.ListRoutes(new RouteFilter { InterfaceIndex = _link.Index }).Where(r => r.Protocol != RouteProtocol.Kernel && r.NextHops.IsEmpty)];
    }

    public static NetworkAction Step(MovedLink moved) => new(
        "move the link",
        moved.Name == moved.HostName ? moved.HostName : $"{moved.HostName}, as {moved.Name}",
        $"ip link set {moved.HostName} netns CHILD{(moved.Name == moved.HostName ? "" : $" name {moved.Name}")}",
        network => network.Loans[moved] = Take(moved, network))
    {
        Hint = errno => errno switch
        {
            Errno.ENODEV => $"The host has no link '{moved.HostName}'",
            Errno.EINVAL or Errno.EOPNOTSUPP => $"The kernel does not let '{moved.HostName}' go into another network namespace",
            Errno.EEXIST => $"The container has another link named '{moved.Name}'",
            _ => null,
        },
        Undo = network => network.Loans[moved].Return(network),
    };

    private static Loan Take(MovedLink moved, ContainerNetwork network)
    {
        var loan = new Loan(network.Host.Client, moved.HostName);
        network.Host.Client.ChangeLink(loan._link.Index, new LinkSettings { NetworkNamespace = network.Namespace, Name = moved.Name == moved.HostName ? null : moved.Name });
        try
        {
            loan._indexInside = network.Inside.GetLink(moved.Name).Index;
            return loan;
        }
        catch
        {
            loan.Return(network);
            throw;
        }
    }

    private void Return(ContainerNetwork network)
    {
        RouteClient host = network.Host.Client;
        using (RouteClient inside = RouteClient.Open(network.Namespace))
        {
            // Whoever is root inside may have renamed it; the number stays.
            Link there = inside.GetLink(_indexInside);
            inside.ChangeLink(_indexInside, new LinkSettings { IsUp = false });
            Move(inside, network.Host, there.Name);
        }

        int index = host.GetLink(_link.Name).Index;
        host.ChangeLink(index, new LinkSettings { Mtu = _link.Mtu, Address = _link.Address, Alias = _link.Alias ?? "", IsUp = _link.IsUp, MasterIndex = _link.MasterIndex == 0 ? null : _link.MasterIndex });
        using RouteBatch batch = host.CreateBatch();
        foreach (InterfaceAddress address in _addresses)
            batch.ReplaceAddress(address with { InterfaceIndex = index, Flags = address.Flags | (address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? AddressFlags.NoDuplicateDetection : 0) });
        foreach (Route route in _routes.OrderBy(r => r.Gateway is not null))
            batch.ReplaceRoute(route with { InterfaceIndex = index });
        batch.Send();
    }

    private void Move(RouteClient inside, HostNetwork host, string name)
    {
        var back = new LinkSettings { NetworkNamespace = host.OwnNamespace.Handle, Name = name == _link.Name ? null : _link.Name };
        try
        {
            inside.ChangeLink(_indexInside, back);
        }
        catch (NetlinkException e) when (e.Errno == Errno.EEXIST)
        {
            // It must not stay inside, where a virtual link would end with the namespace. If only the second half failed, the
            // name, it is back already.
            if (name == _link.Name)
                inside.ChangeLink(_indexInside, back with { Name = name = ContainerNetwork.NewName() });
            throw new LinuxException("bring back", _link.Name, e.Errno, e.Call, $"The name '{_link.Name}' was taken meanwhile. The link is there as '{name}', switched off");
        }
    }
}
