namespace Isolation.Benchmarks.Serve;

/// <param name="User">The user namespace: none, one id or 65,536 ids.</param>
/// <param name="Heap">Megabytes of live objects that the process holds meanwhile.</param>
/// <param name="Allocating">Threads that allocate during each start, so that the collector runs.</param>
internal sealed record ServeOptions(string User = "none", int Heap = 0, int Allocating = 0)
{
    public static ServeOptions Parse(ReadOnlySpan<string> words) => words switch
    {
        [] => new(),
        ["--user", var user, .. var rest] => Parse(rest) with { User = user },
        ["--heap", var megabytes, .. var rest] => Parse(rest) with { Heap = int.Parse(megabytes) },
        ["--allocating", var threads, .. var rest] => Parse(rest) with { Allocating = int.Parse(threads) },
        [var unknown, ..] => throw new ArgumentException($"unknown option {unknown}"),
    };
}
