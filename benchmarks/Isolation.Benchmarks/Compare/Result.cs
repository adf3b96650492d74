namespace Isolation.Benchmarks.Compare;

/// <summary>What a contender reached: its figures, turn by turn.</summary>
internal sealed class Result(string name)
{
    private readonly List<double> _turns = [], _execTurns = [];
    private readonly List<double> _all = [];
    private readonly List<double> _exec = [];

    public string Name => name;

    public double Median => Quantile(_all, 0.5);

    public double P10 => Quantile(_all, 0.1);

    public double P90 => Quantile(_all, 0.9);

    public double ExecMedian => Quantile(_exec, 0.5);

    public void Add(IReadOnlyCollection<Figures> turn)
    {
        _exec.AddRange(turn.Select(figures => figures.Exec));
        _all.AddRange(turn.Select(figures => figures.Reaped));
        _turns.Add(Quantile([.. turn.Select(figures => figures.Reaped)], 0.5));
        _execTurns.Add(Quantile([.. turn.Select(figures => figures.Exec)], 0.5));
    }

    /// <summary>
    /// The median of the rounds' ratios: what slows the machine for a while slows both turns of a round, and falls out.
    /// </summary>
    public double RatioTo(Result reference) => Ratio(_turns, reference._turns);

    /// <summary>The same of the other figure.</summary>
    public double ExecRatioTo(Result reference) => Ratio(_execTurns, reference._execTurns);

    private static double Ratio(List<double> ours, List<double> theirs) => Quantile([.. ours.Zip(theirs, (our, their) => our / their)], 0.5);

    private static double Quantile(List<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)(share * (sorted.Length - 1))];
    }
}
