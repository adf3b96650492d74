using System.Globalization;

namespace Isolation.Benchmarks.Serve;

/// <summary>A contender of this runtime in a process of its own: answers each line of its input as reference/serve.h does.</summary>
internal static class Server
{
    public static int Run(ReadOnlySpan<string> words)
    {
        if (words is not [var name, var program, var rootFs, .. var rest])
            throw new ArgumentException("serve CONTENDER PROGRAM ROOT [--user single|range] [--heap MB] [--allocating THREADS]");

        ServeOptions options = ServeOptions.Parse(rest);
        using IContender contender = name switch
        {
            "process-start" => new ProcessStartContender(program),
            "spawn" => IsolationContender.Spawn(program),
            "exec" => ExecContender.Start(rootFs),
            "container" => IsolationContender.Container(rootFs, options.User),
            "delegate" => DelegateContender.Run(),
            "delegate-warm" => DelegateContender.Warm(),
            "delegate-new-thread" => DelegateContender.NewThread(),
            _ => throw new ArgumentException($"unknown contender {name}"),
        };
        LiveHeap heap = new(options.Heap);
        using AllocationLoad load = new(options.Allocating);

        while (Console.ReadLine() is not null)
        {
            load.Begin();
            Figures figures = contender.RunOnce();
            load.End();
            Answer(figures);
        }

        GC.KeepAlive(heap);
        return 0;
    }

    public static int RunNetlink(string work) => Serve(NetlinkWorks.Open(work));

    public static int RunCgroups(string work, string mount, string pause) => Serve(CgroupWorks.Open(work, mount, pause));

    public static int RunFiles(string work, string place, string other) => Serve(FileWorks.Open(work, place, other));

    private static int Serve(WorkContender contender)
    {
        using (contender)
        {
            while (Console.ReadLine() is not null)
                Answer(contender.RunOnce());
            return 0;
        }
    }

    private static void Answer(Figures figures)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figures.Exec:F1} {figures.Reaped:F1} {figures.ExitCode}"));
}
