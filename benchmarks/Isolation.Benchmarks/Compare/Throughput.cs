using System.Diagnostics;
using Isolation.Benchmarks.Serve;

namespace Isolation.Benchmarks.Compare;

/// <summary>How many containers a second, when many start at once.</summary>
internal sealed class Throughput(Workspace workspace)
{
    private const int Starts = 1024, Repetitions = 5;

    private static readonly int[] s_starters = [1, Environment.ProcessorCount, 64];

    /// <summary>Each is reaped before its starter starts the next.</summary>
    public void MeasureTurnover(Report report)
    {
        ContainerTemplate template = IsolationContender.Describe(workspace.RootFs, user: "none").WithCommand("/true").Build();
        template.Run();
        report.Head("Containers a second, each reaped before the next", "starters", "C (processes)", "to one", "Isolation (threads)", "to one");
        Tabulate(report, RunReferences, starters => RunThreads(starters, () => template.Run().EnsureSuccess()));
    }

    /// <summary>All stay until the last has started.</summary>
    public void MeasurePopulation(Report report)
    {
        ContainerTemplate template = IsolationContender.Describe(workspace.RootFs, user: "none").WithCommand("/pause").Build();
        report.Head($"Containers a second, until {Starts:N0} are alive at once", "starters", "Isolation (threads)", "to one");
        Tabulate(report, starters =>
        {
            var alive = new Container[Starts];
            int count = 0;
            try
            {
                return RunThreads(starters, () => alive[Interlocked.Increment(ref count) - 1] = template.Start());
            }
            finally
            {
                Parallel.ForEach(alive, container => container?.Dispose());
            }
        });
    }

    private static void Tabulate(Report report, params Func<int, TimeSpan>[] contenders)
    {
        var rates = new double[contenders.Length, s_starters.Length];
        for (int contender = 0; contender < contenders.Length; contender++)
        {
            for (int i = 0; i < s_starters.Length; i++)
            {
                int starters = s_starters[i];
                rates[contender, i] = Enumerable.Range(0, Repetitions)
                    .Select(_ => Starts / contenders[contender](starters).TotalSeconds)
                    .Order().ElementAt(Repetitions / 2);
            }
        }

        for (int i = 0; i < s_starters.Length; i++)
        {
            List<string> cells = [$"{s_starters[i]}"];
            for (int contender = 0; contender < contenders.Length; contender++)
                cells.AddRange([$"{rates[contender, i]:F0}", $"{rates[contender, i] / rates[contender, 0]:F2}"]);
            report.Row([.. cells]);
        }
    }

    private static TimeSpan RunThreads(int count, Action start)
    {
        Thread.Sleep(500); // The kernel still frees what ran before.
        int left = Starts;
        Exception? failure = null;
        long before = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Work))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(before);
        return failure is null ? elapsed : throw new InvalidOperationException("A start failed.", failure);

        void Work()
        {
            try
            {
                while (Interlocked.Decrement(ref left) >= 0)
                    start();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }
    }

    private TimeSpan RunReferences(int count)
    {
        Thread.Sleep(500);
        long before = Stopwatch.GetTimestamp();
        Process[] processes = [.. Enumerable.Range(0, count).Select(_ => Process.Start(new ProcessStartInfo(workspace.Built("container"), [$"{Starts / count}", workspace.RootFs, "/true"]) { RedirectStandardOutput = true })!)];
        foreach (Process process in processes)
        {
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            process.Dispose();
        }

        return Stopwatch.GetElapsedTime(before);
    }
}
