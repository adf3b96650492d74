using System.Text.Json;
using Isolation.Namespaces;

namespace Isolation.Tests;

/// <summary>A throw-away network namespace that is the host for containers, with ip(8) in it: no test touches the machine's own links and rules.</summary>
internal sealed class TestHost : IDisposable
{
    public TestHost()
    {
        // No link-local addresses of IPv6, which the kernel gives links some time after they are up.
        Namespace.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/addr_gen_mode", "1"));
        Ip("link set lo up");
    }

    public NetworkNamespace Namespace { get; } = NetworkNamespace.Create();

    /// <summary>A container with this host.</summary>
    public ContainerBuilder Container(Func<NetworkBuilder, NetworkBuilder> configure)
        => new ContainerBuilder().WithStandardInput(StandardStream.Null).WithNetNs(net => configure(net.WithHost(Namespace)));

    /// <summary>Runs ip(8) here, which must succeed.</summary>
    public string Ip(string arguments) => Ip(Namespace, arguments);

    public static string Ip(NetworkNamespace where, string arguments) => where.Run(() => Command.Run("ip", arguments.Split(' ')).EnsureSuccess().Output);

    /// <summary>What ip(8) prints as JSON.</summary>
    public JsonElement[] IpJson(string arguments) => IpJson(Namespace, arguments);

    public static JsonElement[] IpJson(NetworkNamespace where, string arguments)
        => [.. JsonDocument.Parse(Ip(where, $"-d -j {arguments}") is { Length: > 0 } text ? text : "[]").RootElement.EnumerateArray().Where(e => e.EnumerateObject().Any())];

    /// <summary>What ip(8) prints as JSON inside a container.</summary>
    public static JsonElement[] IpJson(Container container, string arguments)
    {
        using var inside = NetworkNamespace.OfProcess(container.ProcessId);
        return IpJson(inside, arguments);
    }

    /// <summary>All that there is here, without what changes by itself.</summary>
    public string Everything()
        => string.Join('\n', IpJson("address").Select(Describe).Concat(IpJson("route show table all").Concat(IpJson("-6 route show table all")).Select(DescribeRoute)).Order(StringComparer.Ordinal));

    /// <summary>The same, when it has come to rest: routes of a link that was switched on come by and by.</summary>
    public string EverythingAtRest()
    {
        string before, now = Everything();
        do
        {
            before = now;
            Thread.Sleep(50);
            now = Everything();
        }
        while (now != before);
        return now;
    }

    /// <summary>Fails unless the names of the links here are these, besides lo.</summary>
    public void AssertLinks(params string[] names)
        => Assert.Equal(names.Order(), IpJson("link").Select(l => l.GetProperty("ifname").GetString()!).Where(n => n != "lo").Order());

    public void Dispose() => Namespace.Dispose();

    private static string Describe(JsonElement link)
    {
        string addresses = string.Join(' ', link.GetProperty("addr_info").EnumerateArray().Select(a => $"{a.GetProperty("local")}/{a.GetProperty("prefixlen")}").Order(StringComparer.Ordinal));
        string master = link.TryGetProperty("master", out JsonElement m) ? m.ToString() : "";
        bool isUp = link.GetProperty("flags").EnumerateArray().Any(f => f.GetString() == "UP");
        return $"{link.GetProperty("ifname")} {(isUp ? "up" : "down")} {link.GetProperty("mtu")} {(link.TryGetProperty("address", out JsonElement mac) ? mac : "")} {master} {addresses}";
    }

    // Whether a bridge has a carrier, and so whether its routes are dead, the kernel finds out late.
    private static string DescribeRoute(JsonElement route)
        => string.Join(' ', route.EnumerateObject().Where(p => p.Name != "flags").Select(p => $"{p.Name} {p.Value}"));
}
