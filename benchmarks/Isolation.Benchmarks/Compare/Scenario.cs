using System.Diagnostics;

namespace Isolation.Benchmarks.Compare;

/// <summary>Contenders that do the same work. The first is the reference.</summary>
/// <param name="TurnLength">Starts a turn: enough for a median, few enough that the machine is the same for all in a round.</param>
internal sealed record Scenario(string Title, int TurnLength, params Func<IContender>[] Contenders)
{
    /// <summary>The other figure is CPU time.</summary>
    public bool TellsCpuTime { get; init; }

    /// <summary>What is done when the contenders are gone.</summary>
    public Action? CleanUp { get; init; }

    /// <summary>How often each contender works before it is measured, at the least: the runtime compiles for good what was called some 60 times.</summary>
    public int WarmUps { get; init; } = 3;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    /// <summary>A container leaves the kernel with work (its network namespace is freed later): not at the next one's cost.</summary>
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(30);

    /// <summary>Lets the contenders take turns, each round in another order.</summary>
    /// <param name="rounds">How many turns each has.</param>
    /// <param name="leftOut">What is not installed here, and is not in the results.</param>
    public IReadOnlyList<Result> Run(int rounds, out IReadOnlyList<string> leftOut)
    {
        List<IContender> contenders = [];
        List<string> missing = [];
        leftOut = missing;
        try
        {
            foreach (Func<IContender> open in Contenders)
            {
                try
                {
                    contenders.Add(open());
                }
                catch (MissingPeerException e)
                {
                    missing.Add(e.Message);
                }
            }

            contenders.ForEach(WarmUp);

            Result[] results = [.. contenders.Select(contender => new Result(contender.Name))];
            for (int round = 0; round < rounds; round++)
            {
                for (int place = 0; place < contenders.Count; place++)
                {
                    int turn = (round + place) % contenders.Count;
                    results[turn].Add(TakeTurn(contenders[turn]));
                }
            }

            return results;
        }
        finally
        {
            contenders.ForEach(contender => contender.Dispose());
            CleanUp?.Invoke();
        }
    }

    /// <summary>Long enough for the runtime to have compiled the hot path for good.</summary>
    private void WarmUp(IContender contender)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUps || Stopwatch.GetElapsedTime(start) < s_warmUp; i++)
            contender.RunOnce();
    }

    private Figures[] TakeTurn(IContender contender)
    {
        Thread.Sleep(s_breath);
        contender.RunOnce(); // The caches still hold the contender before.
        var figures = new Figures[TurnLength];
        for (int i = 0; i < figures.Length; i++)
            figures[i] = contender.RunOnce();
        return figures;
    }
}
