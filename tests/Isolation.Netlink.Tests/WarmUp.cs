[assembly: AssemblyFixture(typeof(Isolation.Netlink.Tests.WarmUp))]

namespace Isolation.Netlink.Tests;

/// <summary>What a process makes once is made before the first test.</summary>
public sealed class WarmUp
{
    public WarmUp() => ProcessWarmUp.Run();
}
