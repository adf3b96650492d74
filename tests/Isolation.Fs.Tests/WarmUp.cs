[assembly: AssemblyFixture(typeof(Isolation.Fs.Tests.WarmUp))]

namespace Isolation.Fs.Tests;

/// <summary>What a process makes once is made before the first test.</summary>
public sealed class WarmUp
{
    public WarmUp() => ProcessWarmUp.Run();
}
