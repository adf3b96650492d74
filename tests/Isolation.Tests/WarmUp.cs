using Isolation.Namespaces;

[assembly: AssemblyFixture(typeof(Isolation.Tests.WarmUp))]

namespace Isolation.Tests;

/// <summary>What a process makes once is made before the first test: the engine too, with its stub, and what threads need to come home from a namespace.</summary>
public sealed class WarmUp
{
    public WarmUp()
    {
        ProcessWarmUp.Run();
        if (!Environment.IsPrivilegedProcess)
            return;
        new ContainerBuilder().WithCommand("true").Run().EnsureSuccess();
        using var elsewhere = NetworkNamespace.Create();
        elsewhere.Run(static () => { });
    }
}
