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

    /// <summary>Only looks; where this process has switched it on, it stays on for this one too.</summary>
    public static NetworkAction Check(AddressFamily family) => new(
        "make sure that the host forwards",
        Shown(family),
        $"sysctl {Name(family)}",
        network =>
        {
            lock (s_lock)
            {
                if (!Get(network.Host, family))
                    throw new LinuxException("make sure that the host forwards", Shown(family), Errno.ENETUNREACH, null, $"{Name(family)} is 0, so no packet would get through. Switch it on with 'sysctl -w {Name(family)}=1', or let it be on while such containers run: WithForwarding()");
                if (s_users.ContainsKey((network.Host.OwnNamespace.Id, family)))
                    Count(network.Host, family);
            }
        })
    {
        Undo = network => Return(network.Host, family),
    };

    private static void Take(HostNetwork host, AddressFamily family)
    {
        lock (s_lock)
        {
            if (!s_users.ContainsKey((host.OwnNamespace.Id, family)) && Get(host, family))
                return;
            Set(host, family, true);
            Count(host, family);
        }
    }

    private static void Count(HostNetwork host, AddressFamily family)
    {
        s_users[(host.OwnNamespace.Id, family)] = s_users.GetValueOrDefault((host.OwnNamespace.Id, family)) + 1;
        host.Leases.Add(family);
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
            Set(host, family, false);
        }
    }

    // On a thread that is there: the manager's own namespace needs no entering, and so no CAP_SYS_ADMIN.
    private static bool Get(HostNetwork host, AddressFamily family) => host.Run(() => SysctlFile.Read(Parts(family))) == "1";

    private static void Set(HostNetwork host, AddressFamily family, bool value) => host.Run(() =>
    {
        SysctlFile.Write(Parts(family), value ? "1" : "0");
        return value;
    });

    private static string[] Parts(AddressFamily family) => family == AddressFamily.InterNetwork ? ["ipv4", "ip_forward"] : ["ipv6", "conf", "all", "forwarding"];

    private static string Name(AddressFamily family) => family == AddressFamily.InterNetwork ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";

    private static string Shown(AddressFamily family) => family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
}
