using System.Globalization;
using System.Net.Sockets;
using Isolation.Netlink.Transport;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink;

/// <summary>The settings of one network namespace below <c>/proc/sys/net</c> (sysctl(8), the kernel's Documentation/networking/ip-sysctl.rst).</summary>
/// <remarks>
/// It can be used from any thread. Which namespace <c>/proc/sys/net</c> shows depends on the thread that looks, so each access is
/// done by a thread of its own that has entered the namespace. Writing needs CAP_NET_ADMIN in the user namespace that
/// owns the network namespace, and /proc/sys to be writable.
/// </remarks>
public sealed class NetworkSysctls : IDisposable
{
    private const string All = "all";

    private readonly SafeFileHandle _namespace;

    private NetworkSysctls(SafeFileHandle handle) => _namespace = handle;

    /// <summary>Opens those of the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public static NetworkSysctls Open() => new(SysctlFile.OpenOwnNamespace());

    /// <summary>Opens those of another network namespace. They hold the namespace; the handle is not needed any more.</summary>
    /// <param name="networkNamespace">A descriptor of a network namespace, such as one of <c>/proc/PID/ns/net</c>.</param>
    /// <exception cref="LinuxException">EINVAL: it is of no network namespace; EPERM: it may not be entered (setns(2)).</exception>
    public static NetworkSysctls Open(SafeFileHandle networkNamespace)
    {
        ArgumentNullException.ThrowIfNull(networkNamespace);

        // Entered once, so that what is none is refused here.
        return new NetworkSysctls(NetworkNamespaceThread.Run(networkNamespace, static () => SysctlFile.OpenOwnNamespace()));
    }

    /// <summary>Whether IPv4 packets are forwarded (<c>net.ipv4.ip_forward</c>). Setting it sets that of each link too.</summary>
    public bool IPv4Forwarding
    {
        get => ReadFlag("ipv4", "ip_forward");
        set => WriteFlag(value, "ipv4", "ip_forward");
    }

    /// <summary>Whether IPv6 packets are forwarded (<c>net.ipv6.conf.all.forwarding</c>). Setting it sets that of each link too; one that forwards takes no router advertisements.</summary>
    public bool IPv6Forwarding
    {
        get => ReadFlag("ipv6", "conf", All, "forwarding");
        set => WriteFlag(value, "ipv6", "conf", All, "forwarding");
    }

    /// <summary>The first port that needs no privilege (<c>net.ipv4.ip_unprivileged_port_start</c>).</summary>
    public int UnprivilegedPortStart
    {
        get => (int)ParseNumber(Read("ipv4", "ip_unprivileged_port_start"));
        set => Write(value.ToString(CultureInfo.InvariantCulture), "ipv4", "ip_unprivileged_port_start");
    }

    /// <summary>The ports that the kernel gives to connections by itself, both included (<c>net.ipv4.ip_local_port_range</c>).</summary>
    public (int First, int Last) LocalPortRange
    {
        get => Read("ipv4", "ip_local_port_range").Split('\t', ' ') is [var first, .., var last] ? ((int)ParseNumber(first), (int)ParseNumber(last)) : throw new FormatException("A range of ports has two numbers.");
        set => Write(string.Create(CultureInfo.InvariantCulture, $"{value.First} {value.Last}"), "ipv4", "ip_local_port_range");
    }

    /// <summary>Whether packets that come in by a link are forwarded (<c>net.ipvX.conf.NAME.forwarding</c>).</summary>
    /// <param name="interfaceName">The link's name; <c>default</c> for links to come.</param>
    /// <param name="family">IPv4 or IPv6.</param>
    public bool GetForwarding(string interfaceName, AddressFamily family = AddressFamily.InterNetwork) => ReadFlag(Directory(family), "conf", CheckLink(interfaceName), "forwarding");

    /// <summary>Says whether packets that come in by a link are forwarded.</summary>
    /// <param name="interfaceName">The link's name; <c>default</c> for links to come.</param>
    /// <param name="value">Whether they are.</param>
    /// <param name="family">IPv4 or IPv6.</param>
    public void SetForwarding(string interfaceName, bool value, AddressFamily family = AddressFamily.InterNetwork) => WriteFlag(value, Directory(family), "conf", CheckLink(interfaceName), "forwarding");

    /// <summary>How it is checked that packets come in by the link that answers would leave by (<c>net.ipv4.conf.NAME.rp_filter</c>). The stricter one of the link's and that of <c>all</c> holds.</summary>
    /// <param name="interfaceName">The link's name; <c>all</c>, or <c>default</c> for links to come.</param>
    public ReversePathFilter GetReversePathFilter(string interfaceName) => (ReversePathFilter)ParseNumber(Read("ipv4", "conf", CheckLink(interfaceName), "rp_filter"));

    /// <summary>Says how it is checked that packets come in by the link that answers would leave by.</summary>
    /// <param name="interfaceName">The link's name; <c>all</c>, or <c>default</c> for links to come.</param>
    /// <param name="value">How.</param>
    public void SetReversePathFilter(string interfaceName, ReversePathFilter value) => Write(((int)value).ToString(CultureInfo.InvariantCulture), "ipv4", "conf", CheckLink(interfaceName), "rp_filter");

    /// <summary>Whether loopback addresses are routed like others (<c>net.ipv4.conf.NAME.route_localnet</c>): a forwarded port at 127.0.0.1 needs it, and others at the link can then reach what listens on loopback.</summary>
    /// <param name="interfaceName">The link's name; <c>all</c>, or <c>default</c> for links to come.</param>
    public bool GetRouteLocalNetwork(string interfaceName) => ReadFlag("ipv4", "conf", CheckLink(interfaceName), "route_localnet");

    /// <summary>Says whether loopback addresses are routed like others.</summary>
    /// <param name="interfaceName">The link's name; <c>all</c>, or <c>default</c> for links to come.</param>
    /// <param name="value">Whether they are.</param>
    public void SetRouteLocalNetwork(string interfaceName, bool value) => WriteFlag(value, "ipv4", "conf", CheckLink(interfaceName), "route_localnet");

    /// <summary>Whether a link has no IPv6 (<c>net.ipv6.conf.NAME.disable_ipv6</c>).</summary>
    /// <param name="interfaceName">The link's name; <c>all</c>, or <c>default</c> for links to come.</param>
    public bool GetIPv6Disabled(string interfaceName) => ReadFlag("ipv6", "conf", CheckLink(interfaceName), "disable_ipv6");

    /// <summary>Says whether a link has no IPv6.</summary>
    /// <param name="interfaceName">The link's name; <c>all</c>, or <c>default</c> for links to come.</param>
    /// <param name="value">Whether it has none.</param>
    public void SetIPv6Disabled(string interfaceName, bool value) => WriteFlag(value, "ipv6", "conf", CheckLink(interfaceName), "disable_ipv6");

    /// <summary>Any setting, as text without the line's end.</summary>
    /// <param name="name">Its name: <c>net.ipv4.ip_forward</c>. As in sysctl(8), a <c>/</c> in it is a dot of a link's name: <c>net.ipv4.conf.eth0/5.forwarding</c>.</param>
    /// <exception cref="ArgumentException">It is no name of a setting below <c>net</c>.</exception>
    /// <exception cref="LinuxException">ENOENT: the kernel has no such setting, or there is no such link; EACCES: it cannot be read.</exception>
    public string Get(string name) => Read(SysctlName.Parse(name));

    /// <summary>Sets any setting.</summary>
    /// <param name="name">Its name: <c>net.ipv4.ip_forward</c>. As in sysctl(8), a <c>/</c> in it is a dot of a link's name.</param>
    /// <param name="value">The text to write.</param>
    /// <exception cref="ArgumentException">It is no name of a setting below <c>net</c>, or the value has a line's end.</exception>
    /// <exception cref="LinuxException">ENOENT: as for <see cref="Get"/>; EACCES, EPERM or EROFS: it may not be written; EINVAL: the kernel does not take the value.</exception>
    public void Set(string name, string value) => Write(value, SysctlName.Parse(name));

    /// <summary>Gives the namespace back. What was set stays.</summary>
    public void Dispose() => _namespace.Dispose();

    private static string Directory(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => "ipv4",
        AddressFamily.InterNetworkV6 => "ipv6",
        _ => throw new ArgumentException($"Neither IPv4 nor IPv6: {family}."),
    };

    private static string CheckLink(string name) => LinkName.Check(name);

    private static long ParseNumber(string text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : throw new FormatException($"'{text}' is no number.");

    private bool ReadFlag(params string[] path) => ParseNumber(Read(path)) != 0;

    private void WriteFlag(bool value, params string[] path) => Write(value ? "1" : "0", path);

    private string Read(params string[] path) => NetworkNamespaceThread.Run(_namespace, () => SysctlFile.Read(path));

    private void Write(string value, params string[] path)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value.AsSpan().ContainsAny('\n', '\0'))
            throw new ArgumentException("The value of a setting is one line.");
        NetworkNamespaceThread.Run(_namespace, () =>
        {
            SysctlFile.Write(path, value);
            return true;
        });
    }
}

/// <summary>How it is checked that packets come in by the link that answers would leave by (RFC 3704).</summary>
public enum ReversePathFilter
{
    /// <summary>It is not.</summary>
    Off = 0,

    /// <summary>It has to be that link.</summary>
    Strict = 1,

    /// <summary>Answers have to leave by some link.</summary>
    Loose = 2,
}
