using System.Net.Sockets;
using Isolation.Namespaces;
using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>Forwarding of a host, switched on for as long as containers need it. They are counted, since one may end while another still needs it.</summary>
internal static class ForwardingLease
{
    private static readonly Lock s_lock = new();

    // How many need it, where it was off before.
    private static readonly Dictionary<(NamespaceId Host, AddressFamily Family), int> s_users = [];

    public static NetworkAction Step(AddressFamily family) => new(
        "let the host forward",
        Shown(family),
        $"sysctl -w {Name(family)}=1, unless it is",
        network => Take(network.Host, family))
    {
        Undo = network => Return(network.Host, family),
    };

    /// <summary>Only looks.</summary>
    public static NetworkAction Check(AddressFamily family) => new(
        "make sure that the host forwards",
        Shown(family),
        $"sysctl {Name(family)}",
        network =>
        {
            using NetworkSysctls sysctls = NetworkSysctls.Open(network.Host.OwnNamespace.Handle);
            if (!Get(sysctls, family))
                throw new LinuxException("make sure that the host forwards", Shown(family), Errno.ENETUNREACH, null, $"{Name(family)} is 0, so no packet would get through. Switch it on with 'sysctl -w {Name(family)}=1', or let it be on while such containers run: WithForwarding()");
        });

    private static void Take(HostNetwork host, AddressFamily family)
    {
        lock (s_lock)
        {
            bool isOurs = s_users.TryGetValue((host.OwnNamespace.Id, family), out int users);
            using NetworkSysctls sysctls = NetworkSysctls.Open(host.OwnNamespace.Handle);
            if (!isOurs && Get(sysctls, family))
                return;
            Set(sysctls, family, true);
            s_users[(host.OwnNamespace.Id, family)] = users + 1;
            host.Leases.Add(family);
        }
    }

    private static void Return(HostNetwork host, AddressFamily family)
    {
        lock (s_lock)
        {
            if (!host.Leases.Remove(family))
                return;
            if (--s_users[(host.OwnNamespace.Id, family)] > 0)
                return;
            s_users.Remove((host.OwnNamespace.Id, family));
            using NetworkSysctls sysctls = NetworkSysctls.Open(host.OwnNamespace.Handle);
            Set(sysctls, family, false);
        }
    }

    private static bool Get(NetworkSysctls sysctls, AddressFamily family) => family == AddressFamily.InterNetwork ? sysctls.IPv4Forwarding : sysctls.IPv6Forwarding;

    private static void Set(NetworkSysctls sysctls, AddressFamily family, bool value)
    {
        if (family == AddressFamily.InterNetwork)
            sysctls.IPv4Forwarding = value;
        else
            sysctls.IPv6Forwarding = value;
    }

    private static string Name(AddressFamily family) => family == AddressFamily.InterNetwork ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";

    private static string Shown(AddressFamily family) => family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
}
