using System.Text.Json;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>tc(8) in a test's network, and what the kernel has of traffic control.</summary>
internal static class TrafficSupport
{
    extension(TestNetwork network)
    {
        /// <summary>Runs tc(8) here, which must succeed, unless the kernel has no such kind: then the test is skipped.</summary>
        public string Tc(string arguments)
        {
            CommandResult result = network.Run(() => Command.Run("tc", arguments.Split(' ')));
            SkipIfUnknown(arguments, result.Error);
            return result.EnsureSuccess().Output;
        }

        /// <summary>What tc(8) prints as JSON.</summary>
        public JsonElement[] TcJson(string arguments) => [.. JsonDocument.Parse(network.Tc($"-s -d -j {arguments}")).RootElement.EnumerateArray()];

        /// <summary>Does what needs a kind of the kernel. Where that does not have it, the test is skipped.</summary>
        public void Try(Action<RouteClient> verb)
        {
            try
            {
                verb(network.Client);
            }
            catch (NetlinkException e) when (e.Errno is Errno.ENOENT or Errno.EOPNOTSUPP)
            {
                SkipIfUnknown(e.Target ?? "it", e.KernelMessage ?? "");
                throw;
            }
        }
    }

    private static void SkipIfUnknown(string what, string error)
    {
        string[] unknown = ["Specified qdisc kind is unknown", "TC classifier not found", "Failed to load TC action module", "Unknown device type"];
        Assert.SkipWhen(unknown.Any(u => error.Contains(u, StringComparison.Ordinal)), $"This kernel has not all of: {what}.");
    }
}
