using System.Diagnostics;
using System.Globalization;

namespace Isolation.Benchmarks.Compare;

/// <summary>
/// A contender in a long-lived process of its own, which does one start for each line that it receives and answers with
/// its figures: so the contenders can take turns, and the figures hold nothing of the process that asks.
/// </summary>
internal sealed class ServedContender : IContender
{
    private readonly Process _process;
    private readonly string _request;

    /// <param name="request">The line that asks for one start.</param>
    public ServedContender(string name, string request, params ReadOnlySpan<string> command)
    {
        Name = name;
        _request = request;
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..].ToArray())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public string Name { get; }

    /// <summary>What is asked before each start, and is not measured.</summary>
    public string? Before { get; init; }

    /// <summary>What is asked after each start, and is not measured.</summary>
    public string? After { get; init; }

    public Figures RunOnce()
    {
        if (Before is not null)
            Ask(Before);
        Figures figures = Ask(_request);
        if (After is not null)
            Ask(After);
        return figures;
    }

    private Figures Ask(string request)
    {
        _process.StandardInput.WriteLine(request);
        string answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended without an answer");
        return answer.Split(' ') is [var exec, var reaped, "0"]
            ? new Figures(double.Parse(exec, CultureInfo.InvariantCulture), double.Parse(reaped, CultureInfo.InvariantCulture), 0)
            : throw new InvalidOperationException($"{Name} answered: {answer}");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
