using Isolation.Netlink.Interop;

namespace Isolation.Netlink;

/// <summary>Lets the kernel estimate the rate of a discipline or class, told in <see cref="TrafficStatistics.Rate"/> (tc(8), estimator).</summary>
/// <param name="Interval">How often it samples: 0.25, 0.5, 1, 2, 4 or 8 seconds.</param>
/// <param name="TimeConstant">The time over which it averages: longer than the interval.</param>
public readonly record struct RateEstimator(TimeSpan Interval, TimeSpan TimeConstant)
{
    // struct tc_estimator: the interval is 2^(n + 2) quarters of a second, the weight of a sample 2^-n.
    private const int Shortest = -2, Longest = 3, LightestWeight = 31;

    internal EstimatorData ToData()
    {
        for (int interval = Shortest; interval <= Longest; interval++)
        {
            if (Interval != TimeSpan.FromMilliseconds(1000 * Math.Pow(2, interval)))
                continue;

            // The largest weight whose time constant is not longer: an average that keeps 1 - 2^-n of itself has one of -interval / ln(1 - 2^-n).
            int weight = 0;
            while (weight < LightestWeight && Interval / -Math.Log(1 - Math.Pow(2, -(weight + 1))) <= TimeConstant)
                weight++;
            if (weight > 0)
                return new EstimatorData { interval = (sbyte)interval, ewma_log = (byte)weight };
        }

        throw new ArgumentException($"There is no estimator with an interval of {Interval} and a time constant of {TimeConstant}: 0.25, 0.5, 1, 2, 4 or 8 seconds, and longer than that.");
    }
}
