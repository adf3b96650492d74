[assembly: AssemblyFixture(typeof(Isolation.Samples.Tests.WarmUp))]

namespace Isolation.Samples.Tests;

/// <summary>What a process makes once is made before the first test.</summary>
public sealed class WarmUp
{
    public WarmUp() => ProcessWarmUp.Run();
}
