using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>A link of the host that is in a container, with what is needed to bring it back as it was.</summary>
/// <remarks>A move takes the addresses, routes and the master from a link and switches it off (dev_change_net_namespace in the kernel).</remarks>
internal sealed class Loan
{
    private readonly RouteClient _inside;
    private readonly Link _link;
    private readonly InterfaceAddress[] _addresses;
    private readonly Route[] _routes;
    private int _indexInside;

    private Loan(RouteClient host, RouteClient inside, string name)
    {
        _inside = inside;
        _link = host.GetLink(name);
        _addresses = [.. host.ListAddresses(new AddressFilter { InterfaceIndex = _link.Index })];

        // The kernel makes its own with the addresses.
        _routes = [.. host.ListRoutes(new RouteFilter { InterfaceIndex = _link.Index }).Where(r => r.Protocol != RouteProtocol.Kernel && r.NextHops.IsEmpty && !(r.Lifetime <= TimeSpan.Zero))];
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
            Errno.EPERM => "To bring it back, this process enters the container's network namespace, for which it needs CAP_SYS_ADMIN too (setns(2))",
            _ => null,
        },
        Undo = network => network.Loans[moved].Return(network),
    };

    private static Loan Take(MovedLink moved, ContainerNetwork network)
    {
        // The way back is open before the link goes: at the container's end it may be too late for it.
        RouteClient inside = RouteClient.Open(network.Namespace);
        try
        {
            var loan = new Loan(network.Host.Client, inside, moved.HostName);
            network.Host.Client.ChangeLink(loan._link.Index, new LinkSettings { NetworkNamespace = network.Namespace, Name = moved.Name == moved.HostName ? null : moved.Name });
            loan._indexInside = inside.GetLink(moved.Name).Index;
            return loan;
        }
        catch
        {
            inside.Dispose();
            throw;
        }
    }

    private void Return(ContainerNetwork network)
    {
        RouteClient host = network.Host.Client;
        using (_inside)
        {
            // Whoever is root inside may have renamed it; the number stays.
            Link there = _inside.GetLink(_indexInside);
            _inside.ChangeLink(_indexInside, new LinkSettings { IsUp = false });
            Move(network.Host, there.Name);
        }

        // One request for each, so that what cannot be had again does not keep the rest away. Not every link has an address to set.
        Link back = host.GetLink(_link.Name);
        using RouteBatch batch = host.CreateBatch();
        if (back.Mtu != _link.Mtu)
            batch.ChangeLink(back.Index, new LinkSettings { Mtu = _link.Mtu });
        if (!Equals(back.Address, _link.Address))
            batch.ChangeLink(back.Index, new LinkSettings { Address = _link.Address });
        if (back.Alias != _link.Alias)
            batch.ChangeLink(back.Index, new LinkSettings { Alias = _link.Alias ?? "" });
        if (_link.MasterIndex != 0)
            batch.ChangeLink(back.Index, new LinkSettings { MasterIndex = _link.MasterIndex });
        if (_link.IsUp)
            batch.ChangeLink(back.Index, new LinkSettings { IsUp = true });
        foreach (InterfaceAddress address in _addresses)
            batch.ReplaceAddress(address with { InterfaceIndex = back.Index, Flags = address.Flags | (address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? AddressFlags.NoDuplicateDetection : 0) });
        foreach (Route route in _routes.OrderBy(r => r.Gateway is not null))
            batch.ReplaceRoute(route with { InterfaceIndex = back.Index });
        if (batch.TrySend() is [var failure, ..])
            throw failure;
    }

    private void Move(HostNetwork host, string name)
    {
        var back = new LinkSettings { NetworkNamespace = host.OwnNamespace.Handle, Name = name == _link.Name ? null : _link.Name };
        try
        {
            _inside.ChangeLink(_indexInside, back);
        }
        catch (NetlinkException e) when (e.Errno == Errno.EEXIST)
        {
            // It must not stay inside, where a virtual link would end with the namespace. If only the second half failed, the
            // name, it is back already.
            if (_inside.TryGetLink(_indexInside, out _))
                _inside.ChangeLink(_indexInside, back with { Name = name = ContainerNetwork.NewName() });
            throw new LinuxException("bring back", _link.Name, e.Errno, e.Call, $"The name '{_link.Name}' was taken meanwhile. The link is there as '{name}', switched off");
        }
    }
}
