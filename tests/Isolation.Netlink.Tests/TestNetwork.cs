using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink.Tests;

/// <summary>A throw-away network namespace with a client for it, and ip(8) inside.</summary>
internal sealed class TestNetwork : IDisposable
{
    private readonly NetworkNamespaceThread _thread = new();

    public TestNetwork()
    {
        Namespace = _thread.Run(static () => File.OpenHandle("/proc/thread-self/ns/net"));
        Client = RouteClient.Open(Namespace);
    }

    public SafeFileHandle Namespace { get; }

    public RouteClient Client { get; }

    public T Run<T>(Func<T> function) => _thread.Run(function);

    /// <summary>Runs ip(8) here, which must succeed.</summary>
    public string Ip(string arguments) => _thread.Run(() => Command.Run("ip", arguments.Split(' ')).EnsureSuccess().Output);

    /// <summary>What ip(8) prints as JSON.</summary>
    public JsonElement[] IpJson(string arguments)
        => [.. JsonDocument.Parse(Ip($"-d -j {arguments}")).RootElement.EnumerateArray().Where(e => e.EnumerateObject().Any())];

    /// <summary>Makes a veth with its peer in the same namespace.</summary>
    public Link AddVeth(string name, string peer, bool isUp = false)
    {
        Client.AddLink(name, new VethLink { Peer = new LinkSettings { Name = peer } }, new LinkSettings { IsUp = isUp });
        Client.ChangeLink(peer, new LinkSettings { IsUp = isUp });
        return Client.GetLink(name);
    }

    public void Dispose()
    {
        Client.Dispose();
        Namespace.Dispose();
        _thread.Dispose();
    }
}
