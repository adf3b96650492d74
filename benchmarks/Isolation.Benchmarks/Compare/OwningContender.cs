namespace Isolation.Benchmarks.Compare;

/// <summary>A contender, and what goes with it.</summary>
internal sealed class OwningContender(IContender contender, IDisposable owned) : IContender
{
    public string Name => contender.Name;

    public Figures RunOnce() => contender.RunOnce();

    public void Dispose()
    {
        contender.Dispose();
        owned.Dispose();
    }
}
