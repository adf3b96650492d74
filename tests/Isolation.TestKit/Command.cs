using System.Diagnostics;

namespace Isolation.TestKit;

/// <summary>How a program of the system ended.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public CommandResult EnsureSuccess()
        => ExitCode == 0 ? this : throw new InvalidOperationException($"exit code {ExitCode}\n{Output}\n{Error}");
}

/// <summary>Runs programs of the system beside the library: through System.Diagnostics.Process, so that they prove something.</summary>
public static class Command
{
    public static CommandResult Run(string program, params IEnumerable<string> arguments) => Run(TimeSpan.FromSeconds(60), null, program, arguments);

    /// <summary>Runs a program with a bound; it is killed after it.</summary>
    public static CommandResult Run(TimeSpan timeout, IReadOnlyDictionary<string, string?>? environment, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Machine.Find(program) ?? program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();

        // Process leaves open what was asked for, until the collector comes: in the middle of a residue check, maybe.
        using StreamReader outputReader = process.StandardOutput, errorReader = process.StandardError;
        Task<string> output = outputReader.ReadToEndAsync(), error = errorReader.ReadToEndAsync();
        if (!process.WaitForExit(timeout))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new TimeoutException($"{program} took longer than {timeout}.\n{output.Result}\n{error.Result}");
        }

        return new CommandResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
