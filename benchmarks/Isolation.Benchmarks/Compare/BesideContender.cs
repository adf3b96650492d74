namespace Isolation.Benchmarks.Compare;

/// <summary>A contender, and the container that it works in.</summary>
internal sealed class BesideContender(IContender contender, RunningContainer container) : IContender
{
    public string Name => contender.Name;

    public Figures RunOnce() => contender.RunOnce();

    public void Dispose()
    {
        contender.Dispose();
        container.Dispose();
    }
}
