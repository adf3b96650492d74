[assembly: AssemblyFixture(typeof(Isolation.Namespaces.Tests.WarmUp))]

namespace Isolation.Namespaces.Tests;

/// <summary>Makes, before the first test, what the engine and the runtime make once: the stub, spawner threads, open symbol files, what waits for pipes.</summary>
public sealed class WarmUp
{
    public WarmUp()
    {
        if (Environment.IsPrivilegedProcess)
            StartEngine();
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => ThrowawayThread.Run<int>(static () => throw new InvalidOperationException()));
        Assert.NotNull(e.StackTrace);
        Command.Run("true").EnsureSuccess();
    }

    internal static void StartEngine() => UserNamespace.Create(UserNamespaceMaps.Caller).Dispose();
}
