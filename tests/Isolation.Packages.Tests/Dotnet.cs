using System.Text.RegularExpressions;

namespace Isolation.Packages.Tests;

/// <summary>Runs the .NET SDK as a user does, outside the repository, with nothing left running after it.</summary>
internal static partial class Dotnet
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(300);

    /// <summary>Runs <c>dotnet</c> with the given global packages folder; what the machine has restored already is taken from there.</summary>
    public static Task<CommandResult> RunAsync(string packagesFolder, params string[] arguments)
    {
        string machineWide = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");
        var environment = new Dictionary<string, string?>
        {
            ["NUGET_PACKAGES"] = packagesFolder,
            ["NUGET_FALLBACK_PACKAGES"] = Directory.Exists(machineWide) ? machineWide : null,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",

            // A build server would outlive the command, and hold its output open.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["UseSharedCompilation"] = "false",

            // What the test runner's own build put there is not for this one.
            ["MSBuildSDKsPath"] = null,
            ["MSBUILD_EXE_PATH"] = null,
            ["MSBuildExtensionsPath"] = null,
        };
        return Task.Run(() => Command.Run(s_timeout, environment, "dotnet", arguments));
    }

    /// <summary>The command succeeded, and no compiler, trimmer or linker warned. Its closing line "0 Warning(s)" is none.</summary>
    public static void EnsureNoWarning(CommandResult command)
    {
        Assert.True(command.ExitCode == 0, command.Output + command.Error);
        Assert.DoesNotMatch(Warning(), command.Output + command.Error);
    }

    [GeneratedRegex(@"warning(?!\(s\))", RegexOptions.IgnoreCase)]
    private static partial Regex Warning();
}
