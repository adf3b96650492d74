using System.Runtime.InteropServices;

namespace Isolation.Packages.Tests;

public sealed class ConsumerTests(PackedPackages packages)
{
    [LinuxFact(Needs.Sdk | Needs.Root | Needs.Ip | Needs.CCompiler, Timeout = 600_000)]
    public async Task A_program_outside_the_repository_runs_a_container_from_the_packages_and_again_as_native_code()
    {
        await packages.EnsurePackedAsync(TestContext.Current.CancellationToken);
        string folder = packages.MakeConsumerFolder("consumer");
        foreach (string file in (string[])["Consumer.csproj", "Program.cs"])
            File.Copy(Path.Combine(Machine.Repository!, "tests/consumer", file), Path.Combine(folder, file));

        string version = $"-p:IsolationVersion={packages.Version}", runtime = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        CommandResult build = await Dotnet.RunAsync(packages.PackagesFolder, "build", folder, version, "-o", Path.Combine(folder, "built"), "-v", "minimal");
        Dotnet.EnsureNoWarning(build);
        Assert.True(Directory.Exists(Path.Combine(packages.PackagesFolder, "isolation.syscalls", packages.Version)), "The packages did not come from the local feed.");
        string managed = await RunAsync(Path.Combine(folder, "built/Consumer"));
        Assert.StartsWith("1: lo: <", Assert.Single(managed.TrimEnd().Split('\n')), StringComparison.Ordinal);

        CommandResult publish = await Dotnet.RunAsync(packages.PackagesFolder, "publish", folder, version, "-p:PublishAot=true", "-r", runtime, "-o", Path.Combine(folder, "native"), "-v", "minimal");
        Dotnet.EnsureNoWarning(publish);
        Assert.False(File.Exists(Path.Combine(folder, "native/Consumer.dll")), "There is an assembly beside the program, so it is no native one.");
        Assert.Equal(managed, await RunAsync(Path.Combine(folder, "native/Consumer")));

        // A hardened parent: nothing that was writable may become executable, or be both. (A JIT cannot live with that.)
        string launcher = Path.Combine(folder, "deny-write-execute");
        await File.WriteAllTextAsync(launcher + ".c", DenyWriteExecute, TestContext.Current.CancellationToken);
        Command.Run("gcc", "-o", launcher, launcher + ".c").EnsureSuccess();
        Assert.Equal(managed, await RunAsync(launcher, Path.Combine(folder, "native/Consumer")));
    }

    /// <summary>Sets PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN (prctl(2), Linux 6.3) and executes a program, which inherits it.</summary>
    private const string DenyWriteExecute = """
        #include <sys/prctl.h>
        #include <unistd.h>
        int main(int argc, char **argv)
        {
            if (prctl(65, 1L, 0L, 0L, 0L) != 0)
                return 125;
            execv(argv[1], argv + 1);
            return 126;
        }
        """;

    private static async Task<string> RunAsync(params string[] command)
    {
        using var nothingLeft = new ResidueCheck();
        CommandResult run = await Task.Run(() => Command.Run(command[0], command[1..]));
        Assert.Equal("", run.EnsureSuccess().Error);
        return run.Output;
    }
}
