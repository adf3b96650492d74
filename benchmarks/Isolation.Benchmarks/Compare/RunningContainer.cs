using System.Diagnostics;
using System.Globalization;
using Isolation.Benchmarks.Serve;

namespace Isolation.Benchmarks.Compare;

/// <summary>A container that stays while others start programs in it. Disposing ends it.</summary>
/// <param name="name">How its maker names it: a process id, or the runtime's id.</param>
/// <param name="end">Ends it.</param>
internal sealed class RunningContainer(string name, Action end) : IDisposable
{
    public string Name => name;

    public void Dispose() => end();

    public static RunningContainer OfIsolation(string rootFs)
    {
        Container container = IsolationContender.Describe(rootFs, user: "none").WithCommand("/pause").Start();
        return new RunningContainer(container.ProcessId.ToString(CultureInfo.InvariantCulture), container.Dispose);
    }

    /// <summary>One of an OCI runtime.</summary>
    /// <param name="program">The runtime.</param>
    /// <param name="tool">Its command line.</param>
    /// <param name="bundle">The name of its bundle.</param>
    /// <param name="makeBundle">Makes the bundle, with the program to run.</param>
    public static RunningContainer OfTool(string program, string[] tool, string bundle, Func<string, string, string> makeBundle)
    {
        string id = $"isolation-{bundle}";
        _ = Scenarios.FindProgram(program);
        Run([.. tool, "run", "--detach", "--bundle", makeBundle(bundle, "/pause"), id]);
        return new RunningContainer(id, () => Run([.. tool, "delete", "--force", id]));
    }

    private static void Run(string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true })!;
        process.StandardInput.Close();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} exited with {process.ExitCode}");
    }
}
