[assembly: AssemblyFixture(typeof(Isolation.Netlink.Tests.WarmUp))]

namespace Isolation.Netlink.Tests;

/// <summary>Makes, before the first test, what the runtime makes once to wait for pipes.</summary>
public sealed class WarmUp
{
    public WarmUp() => Command.Run("true").EnsureSuccess();
}
