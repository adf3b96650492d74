using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests.Routing;

/// <summary>What the tests of routes and the like share.</summary>
internal static class RoutingNetwork
{
    /// <summary>A namespace with the veths v0 and v1, up, and addresses of both families on v0.</summary>
    public static TestNetwork Create(out int v0)
    {
        var network = new TestNetwork();
        network.Client.ChangeLink(1, new LinkSettings { IsUp = true });
        v0 = network.AddVeth("v0", "v1", isUp: true).Index;
        network.Client.AddAddress(InterfaceAddress.Parse(v0, "10.0.0.2/24"));
        network.Client.AddAddress(InterfaceAddress.Parse(v0, "fd00::2/64") with { Flags = AddressFlags.NoDuplicateDetection });
        return network;
    }

    public static string Bridge(this TestNetwork network, string arguments) => network.Run(() => Command.Run("bridge", arguments.Split(' ')).EnsureSuccess().Output);

    /// <summary>Skips the test when the kernel lacks what is asked for.</summary>
    public static void SkipIfUnsupported(string what, Action action)
    {
        try
        {
            action();
        }
        catch (NetlinkException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            Assert.Skip($"This kernel has no {what}: {e.Message}");
        }
    }

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static int Number(this JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
