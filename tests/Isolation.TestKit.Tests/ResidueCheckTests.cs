using System.Diagnostics;

namespace Isolation.TestKit.Tests;

/// <summary>That the check around a test fails it, and is patient with what ends a little later.</summary>
public sealed class ResidueCheckTests
{
    [LinuxFact]
    public void A_test_that_leaves_something_behind_fails_and_says_what()
    {
        CommandResult result = FreshProcess.Run(LeaveFile);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Something was left behind", result.Output, StringComparison.Ordinal);
        Assert.Contains("isolation-left-", result.Output, StringComparison.Ordinal);
    }

    private static int LeaveFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"isolation-left-{Environment.ProcessId}");
        try
        {
            using (new ResidueCheck())
                File.WriteAllText(path, "");
            return 0;
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
        finally
        {
            File.Delete(path);
        }
    }

    [LinuxFact]
    public void What_ends_a_moment_later_is_waited_for() => FreshProcess.Run(EndLater).EnsureSuccess();

    private static void EndLater()
    {
        Process.Start("true").WaitForExit();
        Task.Delay(1).Wait();
        _ = ResidueSnapshot.Take();
        using (new ResidueCheck())
            _ = Process.Start("sleep", "0.5");
    }

    [LinuxFact]
    public void A_stream_that_only_the_collector_closes_is_no_leak() => FreshProcess.Run(ForgetStream).EnsureSuccess();

    private static void ForgetStream()
    {
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget() => _ = new FileStream("/dev/zero", FileMode.Open, FileAccess.Read).ReadByte();

        using (new ResidueCheck())
            Forget();
    }
}
