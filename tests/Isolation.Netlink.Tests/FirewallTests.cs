using System.Net;
using System.Net.Sockets;
using System.Text;
using Isolation.Netlink.Nftables;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Masquerading, forwarded ports and forward policies, with TCP connections between three namespaces: outside, a router, inside.</summary>
public sealed class FirewallTests
{
    private static readonly IPNetwork s_inside = IPNetwork.Parse("10.0.0.0/24");
    private static readonly IPAddress s_outsideAddress = IPAddress.Parse("192.0.2.2"), s_routerAddress = IPAddress.Parse("192.0.2.1"), s_insideAddress = IPAddress.Parse("10.0.0.2"), s_gateway = IPAddress.Parse("10.0.0.1");

    [LinuxFact(Needs.Root | Needs.Nft)]
    public void Nft_shows_it_as_a_person_would_write_it_and_it_goes_by_name()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        var firewall = new Firewall(network.Client, "containers");
        firewall.Masquerade("web net", s_inside, "eth0");
        firewall.ForwardPort("web", new PortForward(ProtocolType.Tcp, 8080, new IPEndPoint(s_insideAddress, 80)) { HairpinNetwork = s_inside });
        firewall.AcceptForwarding("out", new ForwardedPackets { InputInterface = "br*", Source = s_inside, Protocol = ProtocolType.Udp, DestinationPort = 53 });
        firewall.SetForwardPolicy(NftPolicy.Drop);
        Assert.Equal(
            """
            table inet containers {
            	chain prerouting {
            		type nat hook prerouting priority dstnat; policy accept;
            		fib daddr type local tcp dport 8080 counter packets 0 bytes 0 dnat ip to 10.0.0.2:80 comment "web"
            	}

            	chain output {
            		type nat hook output priority -100; policy accept;
            		fib daddr type local tcp dport 8080 counter packets 0 bytes 0 dnat ip to 10.0.0.2:80 comment "web"
            	}

            	chain forward {
            		type filter hook forward priority filter; policy drop;
            		ct state established,related accept
            		ip daddr 10.0.0.2 tcp dport 80 ct status dnat counter packets 0 bytes 0 accept comment "web"
            		iifname "br*" ip saddr 10.0.0.0/24 udp dport 53 counter packets 0 bytes 0 accept comment "out"
            	}

            	chain postrouting {
            		type nat hook postrouting priority srcnat; policy accept;
            		ip saddr 10.0.0.0/24 oifname "eth0" counter packets 0 bytes 0 masquerade comment "web net"
            		ip saddr 10.0.0.0/24 ip daddr 10.0.0.2 tcp dport 80 ct status dnat counter packets 0 bytes 0 masquerade comment "web"
            	}
            }

            """,
            network.Ruleset);
        Assert.Equal(["out", "web", "web net"], firewall.List().Select(e => e.Name).Order());
        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => firewall.Masquerade("web", s_inside)).Errno);
        Assert.True(firewall.Remove("web"));
        Assert.False(firewall.Remove("web"));
        Assert.DoesNotContain("8080", network.Ruleset, StringComparison.Ordinal);
        Assert.Equal(2, firewall.List().Count);
        firewall.RemoveAll();
        firewall.RemoveAll();
        Assert.Equal("", network.Ruleset);
        Assert.Empty(firewall.List());
    }

    [LinuxFact(Needs.Root)]
    public void Masquerading_gives_connections_the_routers_address_and_counts_them()
    {
        using var nothingLeft = new ResidueCheck();
        using var networks = new ThreeNetworks();
        networks.Firewall.Masquerade("inside", s_inside, "out0");
        Assert.Equal(s_routerAddress, ThreeNetworks.Connect(networks.Inside, new IPEndPoint(s_outsideAddress, 7000), networks.Outside, 7000));
        FirewallEntry entry = Assert.Single(networks.Firewall.List());
        Assert.Equal((1ul, 60ul), (entry.Packets, entry.Bytes));
    }

    [LinuxFact(Needs.Root)]
    public void A_forwarded_port_is_reached_from_outside_from_the_router_and_from_inside()
    {
        using var nothingLeft = new ResidueCheck();
        using var networks = new ThreeNetworks();
        networks.Firewall.SetForwardPolicy(NftPolicy.Drop);
        networks.Firewall.ForwardPort("web", new PortForward(ProtocolType.Tcp, 8080, new IPEndPoint(s_insideAddress, 80)) { HairpinNetwork = s_inside });
        var port = new IPEndPoint(s_routerAddress, 8080);
        Assert.Equal(s_outsideAddress, ThreeNetworks.Connect(networks.Outside, port, networks.Inside, 80));
        Assert.Equal(s_gateway, ThreeNetworks.Connect(networks.Router, new IPEndPoint(s_gateway, 8080), networks.Inside, 80));
        Assert.Equal(s_gateway, ThreeNetworks.Connect(networks.Inside, port, networks.Inside, 80));
        networks.Firewall.Remove("web");
        Assert.Throws<SocketException>(() => ThreeNetworks.Connect(networks.Outside, port, networks.Inside, 80));
    }

    [LinuxFact(Needs.Root)]
    public void A_drop_policy_drops_what_nothing_is_said_about()
    {
        using var nothingLeft = new ResidueCheck();
        using var networks = new ThreeNetworks();
        networks.Firewall.Masquerade("inside", s_inside, "out0");
        var target = new IPEndPoint(s_outsideAddress, 7000);
        networks.Firewall.SetForwardPolicy(NftPolicy.Drop);
        Assert.Throws<TimeoutException>(() => ThreeNetworks.Connect(networks.Inside, target, networks.Outside, 7000));
        networks.Firewall.AcceptForwarding("out", new ForwardedPackets { InputInterface = "in0", Source = s_inside, Protocol = ProtocolType.Tcp, DestinationPort = 7000 });
        Assert.Equal(s_routerAddress, ThreeNetworks.Connect(networks.Inside, target, networks.Outside, 7000));
        networks.Firewall.Remove("out");
        networks.Firewall.SetForwardPolicy(NftPolicy.Accept);
        networks.Firewall.DropForwarding("no", new ForwardedPackets { OutputInterface = "out0", Destination = IPNetwork.Parse("192.0.2.0/24") });
        Assert.Throws<TimeoutException>(() => ThreeNetworks.Connect(networks.Inside, target, networks.Outside, 7000));
        Assert.True(networks.Firewall.List().Single(e => e.Name == "no").Packets > 0);
    }

    [LinuxFact(Needs.Root)]
    public void Without_forwarding_nothing_passes_the_router()
    {
        using var nothingLeft = new ResidueCheck();
        using var networks = new ThreeNetworks();
        networks.Firewall.Masquerade("inside", s_inside, "out0");
        networks.Sysctls.IPv4Forwarding = false;
        Assert.Throws<TimeoutException>(() => ThreeNetworks.Connect(networks.Inside, new IPEndPoint(s_outsideAddress, 7000), networks.Outside, 7000));
    }

    [LinuxFact(Needs.Root)]
    public void Verbs_of_many_threads_all_take_effect()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new NftTestNetwork();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using NftablesClient client = NftablesClient.Open(network.Network.Namespace);
            new Firewall(client, "containers").Masquerade($"n{i}", IPNetwork.Parse($"10.0.{i}.0/24"));
        });
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"n{i}"), new Firewall(network.Client, "containers").List().Select(e => e.Name).Order());
        Assert.Single(network.Client.ListRules(), r => r.Comment is null);
    }

    private sealed class ThreeNetworks : IDisposable
    {
        private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(700);

        public ThreeNetworks()
        {
            Connect(Outside, "eth0", $"{s_outsideAddress}/24", "out0", $"{s_routerAddress}/24");
            Connect(Inside, "eth0", $"{s_insideAddress}/24", "in0", $"{s_gateway}/24");
            Inside.Client.AddRoute(Route.Default(s_gateway));
            foreach (TestNetwork network in (TestNetwork[])[Outside, Router, Inside])
                network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
            Nft = NftablesClient.Open(Router.Namespace);
            Firewall = new Firewall(Nft, "containers");
            Sysctls = NetworkSysctls.Open(Router.Namespace);
            Sysctls.IPv4Forwarding = true;
        }

        public TestNetwork Outside { get; } = new();

        public TestNetwork Router { get; } = new();

        public TestNetwork Inside { get; } = new();

        public NetworkSysctls Sysctls { get; }

        public Firewall Firewall { get; }

        private NftablesClient Nft { get; }

        /// <summary>Connects, has a greeting come through, and returns the address that the server sees.</summary>
        public static IPAddress Connect(TestNetwork from, IPEndPoint target, TestNetwork server, int port)
        {
            using Socket listener = server.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            listener.Bind(new IPEndPoint(IPAddress.Any, port));
            listener.Listen();
            using Socket client = from.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            client.Blocking = false;
            try
            {
                client.Connect(target);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
            }

            if (!client.Poll(s_patience, SelectMode.SelectWrite))
                throw new TimeoutException($"{target} did not answer.");
            if ((int)client.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! is not 0 and var error)
                throw new SocketException(error);
            using Socket accepted = listener.Accept();
            accepted.Send("hello"u8);
            Assert.True(client.Poll(s_patience, SelectMode.SelectRead));
            byte[] buffer = new byte[16];
            Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, client.Receive(buffer)));
            return ((IPEndPoint)accepted.RemoteEndPoint!).Address;
        }

        public void Dispose()
        {
            Sysctls.Dispose();
            Nft.Dispose();
            Inside.Dispose();
            Router.Dispose();
            Outside.Dispose();
        }

        private void Connect(TestNetwork other, string name, string address, string routerName, string routerAddress)
        {
            other.Client.AddLink(name, new VethLink { Peer = new LinkSettings { Name = routerName, NetworkNamespace = Router.Namespace } }, new LinkSettings { IsUp = true });
            other.Client.AddAddress(InterfaceAddress.Parse(other.Client.GetLink(name).Index, address));
            Router.Client.ChangeLink(routerName, new LinkSettings { IsUp = true });
            Router.Client.AddAddress(InterfaceAddress.Parse(Router.Client.GetLink(routerName).Index, routerAddress));
        }
    }
}
