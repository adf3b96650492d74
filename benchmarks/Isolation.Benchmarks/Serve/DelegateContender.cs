using System.Diagnostics;
using Isolation.Namespaces;

namespace Isolation.Benchmarks.Serve;

/// <summary>A delegate in a network namespace that exists: what reference/enter.c does with threads of its own.</summary>
internal sealed class DelegateContender : IContender
{
    // As many as reference/enter.c takes the mean of: one alone is shorter than what a request costs.
    private const int Visits = 100;

    private readonly NetworkNamespace _namespace = NetlinkWorks.MakeNamespace();
    private readonly NamespaceThread _warm;
    private readonly Action<Action> _run;
    private readonly Action _delegate;
    private long _inside;

    private DelegateContender(string name, Func<DelegateContender, Action<Action>> run)
    {
        Name = name;
        _warm = new NamespaceThread(_namespace);
        _run = run(this);
        _delegate = () => _inside = Stopwatch.GetTimestamp();
    }

    public string Name { get; }

    public static DelegateContender Run() => new("Isolation, Run", contender => contender._namespace.Run);

    public static DelegateContender Warm() => new("Isolation, NamespaceThread.Run", contender => contender._warm.Run);

    public static DelegateContender NewThread() => new("Isolation, a new NamespaceThread each", contender => contender.RunOnNewThread);

    public Figures RunOnce()
    {
        long until = 0, start = Stopwatch.GetTimestamp(), before = start;
        for (int i = 0; i < Visits; i++)
        {
            _run(_delegate);
            until += _inside - before;
            before = Stopwatch.GetTimestamp();
        }

        return new Figures(Microseconds(until), Microseconds(before - start), 0);
    }

    public void Dispose()
    {
        _warm.Dispose();
        _namespace.Dispose();
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency / Visits;

    private void RunOnNewThread(Action action)
    {
        using var thread = new NamespaceThread(_namespace);
        thread.Run(action);
    }
}
