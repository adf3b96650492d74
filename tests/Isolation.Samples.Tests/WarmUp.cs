[assembly: AssemblyFixture(typeof(Isolation.Samples.Tests.WarmUp))]

namespace Isolation.Samples.Tests;

/// <summary>Makes, before the first test, what the runtime makes once to wait for pipes.</summary>
public sealed class WarmUp
{
    public WarmUp() => Command.Run("true").EnsureSuccess();
}
