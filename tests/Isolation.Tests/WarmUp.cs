[assembly: AssemblyFixture(typeof(Isolation.Tests.WarmUp))]

namespace Isolation.Tests;

/// <summary>Makes, before the first test, what the runtime makes once to wait for programs.</summary>
public sealed class WarmUp
{
    public WarmUp() => Command.Run("true").EnsureSuccess();
}
