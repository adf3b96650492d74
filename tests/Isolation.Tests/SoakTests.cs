using System.Globalization;

namespace Isolation.Tests;

/// <summary>Starts from 32 threads while three others allocate and collect. ISOLATION_SOAK_SECONDS says for how long.</summary>
public class SoakTests(ITestOutputHelper console)
{
    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed, Timeout = 1_200_000)]
    public void Thirty_two_threads_under_garbage_collection_get_the_right_exit_codes_and_leave_nothing()
    {
        using var root = new BusyboxRoot();
        string seconds = Environment.GetEnvironmentVariable("ISOLATION_SOAK_SECONDS") ?? "10";
        var small = new Dictionary<string, string?> { ["DOTNET_GCgen0size"] = "10000" };
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        CommandResult result = FreshProcess.Run([], Soak, [root.Path, seconds], TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture) + 60), small);
        console.WriteLine(result.EnsureSuccess().Output);
    }

    private static int Soak(string root, string seconds)
    {
        ContainerTemplate[] templates = [.. Enumerable.Range(0, 8).Select(i => new ContainerBuilder().WithRootFs(root).WithUserNs().WithPidNs().WithNetNs().WithUtsNs("soak").WithCommand("/bin/sh", "-c", $"exit {i}").Build())];
        ContainerTemplate plain = new ContainerBuilder().WithStandardOutput(StandardStream.Null).WithCommand("sh", "-c", "exit 9").Build();
        int starts = 0, wrong = 0;
        bool stop = false;
        void Round(int thread)
        {
            int code = thread % 4 == 3 ? plain.Run().ExitCode : templates[thread % 8].Run().ExitCode;
            Interlocked.Increment(ref starts);
            if (code != (thread % 4 == 3 ? 9 : thread % 8))
                Interlocked.Increment(ref wrong);
        }

        RunThreads(64, Round);
        var residue = new ResidueCheck();
        Thread[] collectors = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            var kept = new byte[64][];
            for (int i = 0; !Volatile.Read(ref stop); i++)
            {
                kept[i % kept.Length] = new byte[8192];
                if (i % 20_000 == 0)
                    GC.Collect();
            }
        }))];
        foreach (Thread thread in collectors)
            thread.Start();
        DateTime end = DateTime.UtcNow.AddSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        RunThreads(32, thread =>
        {
            while (DateTime.UtcNow < end)
                Round(thread);
        });
        Volatile.Write(ref stop, true);
        foreach (Thread thread in collectors)
            thread.Join();
        residue.Dispose();
        Console.WriteLine($"{starts} starts, {wrong} wrong exit codes, {GC.CollectionCount(0)} collections");
        return wrong == 0 ? 0 : 1;
    }

    private static void RunThreads(int count, Action<int> action)
    {
        Thread[] threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() => action(i)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
    }
}
