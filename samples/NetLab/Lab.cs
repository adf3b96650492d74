using System.Net;
using Isolation.Namespaces;
using Isolation.Netlink;

namespace Isolation.Samples.NetLab;

/// <summary>A lab that is built: each node is a network namespace that only this process holds, so it goes with it in any case.</summary>
internal sealed class Lab : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly LabDescription _description;
    private readonly Dictionary<Node, NetworkNamespace> _namespaces = [];
    private readonly Dictionary<Node, RouteClient> _clients = [];

    private Lab(LabDescription description) => _description = description;

    public static Lab Build(LabDescription description)
    {
        var lab = new Lab(description);
        try
        {
            foreach (Node node in description.Nodes)
                lab.AddNode(node);
            foreach (LabLink link in description.Links)
                lab.AddLink(link);
            foreach (LabRoute route in description.Routes)
                lab._clients[route.Node].AddRoute(new Route(route.Destination) { Gateway = route.Gateway });
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    /// <summary>Makes a link worse, in both directions (tc-netem(8)).</summary>
    public void Impair(LabLink link, NetemQdisc netem)
    {
        foreach (LinkEnd end in link.Ends)
            _clients[end.Node].AddQdisc(_clients[end.Node].GetLink(end.Interface).Index, netem);
    }

    /// <summary>Pings every host from every other: the best of a few times, null for no answer.</summary>
    public Dictionary<(Node From, Node To), TimeSpan?> PingAll(int times)
    {
        var results = new Dictionary<(Node, Node), TimeSpan?>();
        foreach (Node from in _description.Hosts)
        {
            using var ping = new Ping(_namespaces[from]);
            foreach (Node to in _description.Hosts.Where(h => h != from))
            {
                // The first one finds the way: it asks for MAC addresses as well.
                IPAddress address = _description.AddressOf(to);
                results[(from, to)] = Enumerable.Range(0, times).Select(_ => ping.Send(address, s_patience)).Where(t => t is not null).Min();
            }
        }

        return results;
    }

    public void Dispose()
    {
        foreach (RouteClient client in _clients.Values)
            client.Dispose();
        foreach (NetworkNamespace node in _namespaces.Values)
            node.Dispose();
    }

    private void AddNode(Node node)
    {
        NetworkNamespace made = NetworkNamespace.Create();
        _namespaces.Add(node, made);
        RouteClient client = RouteClient.Open(made.Handle);
        _clients.Add(node, client);
        client.ChangeLink("lo", new LinkSettings { IsUp = true });
        if (node.Kind == NodeKind.Switch)
            client.AddLink("switch", new BridgeLink(), new LinkSettings { IsUp = true });
        if (node.Kind == NodeKind.Router)
            made.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
    }

    private void AddLink(LabLink link)
    {
        LinkEnd near = link.First, far = link.Second;
        var peer = new LinkSettings { Name = far.Interface, NetworkNamespace = _namespaces[far.Node].Handle };
        _clients[near.Node].AddLink(near.Interface, new VethLink { Peer = peer }, new LinkSettings { IsUp = true });
        foreach (LinkEnd end in link.Ends)
        {
            RouteClient client = _clients[end.Node];
            int index = client.GetLink(end.Interface).Index;
            using RouteBatch batch = client.CreateBatch();
            batch.ChangeLink(index, new LinkSettings { IsUp = true, MasterIndex = end.Node.Kind == NodeKind.Switch ? client.GetLink("switch").Index : null });
            if (end.Address is not null)
                batch.AddAddress(new InterfaceAddress(index, end.Address, end.PrefixLength));
            batch.Send();
        }
    }
}
