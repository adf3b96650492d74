using System.Diagnostics;
using System.Globalization;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.TestKit.Tests;

/// <summary>One method in a process of its own: its user, its arguments, how it ends.</summary>
public sealed class FreshProcessTests
{
    [LinuxFact]
    public void It_runs_in_another_process()
    {
        string id = FreshProcess.Run(PrintProcessId).EnsureSuccess().Output.Trim();
        Assert.NotEqual(Environment.ProcessId, int.Parse(id, CultureInfo.InvariantCulture));
    }

    private static void PrintProcessId() => Console.WriteLine(Environment.ProcessId);

    [LinuxFact]
    public void It_runs_as_the_same_user()
        => Assert.Equal($"{Sys.Call(SyscallNumber.GetEuid)} {Sys.Call(SyscallNumber.GetEgid)}", Lines(FreshProcess.Run(PrintIdentity))[0]);

    [LinuxFact(Needs.Root)]
    public void The_ordinary_user_has_no_privilege_at_all()
    {
        string[] lines = Lines(FreshProcess.RunAsUser(PrintIdentity));
        Assert.Equal($"{FreshProcess.UserId} {FreshProcess.UserId}", lines[0]);
        string[] sets = ["CapInh", "CapPrm", "CapEff", "CapAmb"];
        Assert.All(sets, set => Assert.Contains($"{set}:\t0000000000000000", lines));
        Assert.Contains(lines, l => l.StartsWith("Groups:", StringComparison.Ordinal) && l[7..].Trim().Length == 0);
    }

    [LinuxFact(Needs.Root)]
    public void The_ordinary_user_may_not_mount() => Assert.Equal(1, FreshProcess.RunAsUser(UnshareMounts).ExitCode);

    private static int UnshareMounts() => (int)-Sys.Call(SyscallNumber.Unshare, (nint)CloneFlags.NewNs);

    private static void PrintIdentity()
    {
        Console.WriteLine($"{Sys.Call(SyscallNumber.GetEuid)} {Sys.Call(SyscallNumber.GetEgid)}");
        Console.Write(File.ReadAllText("/proc/self/status"));
    }

    [LinuxFact]
    public void Arguments_arrive_as_they_are()
        => Assert.Equal("a b|$HOME|\"é\"||", FreshProcess.Run(PrintArguments, "a b", "$HOME", "\"é\"", "").EnsureSuccess().Output);

    private static void PrintArguments(string a, string b, string c, string d) => Console.Write($"{a}|{b}|{c}|{d}|");

    [LinuxFact]
    public void The_environment_arrives()
        => Assert.Equal("value", FreshProcess.Run([], PrintVariable, [], environment: new Dictionary<string, string?> { ["ISOLATION_TEST"] = "value" }).EnsureSuccess().Output);

    private static void PrintVariable() => Console.Write(Environment.GetEnvironmentVariable("ISOLATION_TEST"));

    [LinuxFact]
    public void A_prefix_program_runs_it()
        => Assert.Equal("value", FreshProcess.Run(["env", "ISOLATION_TEST=value"], PrintVariable, []).EnsureSuccess().Output);

    [LinuxFact]
    public void A_method_without_a_result_ends_with_0() => Assert.Equal(0, FreshProcess.Run(PrintProcessId).ExitCode);

    [LinuxFact]
    public void The_result_of_a_method_is_the_exit_code() => Assert.Equal(42, FreshProcess.Run(Return, "42").ExitCode);

    private static int Return(string code) => int.Parse(code, CultureInfo.InvariantCulture);

    [LinuxFact]
    public void An_exception_ends_it_with_SIGABRT_and_its_message()
    {
        CommandResult result = FreshProcess.Run(["sh", "-c", "ulimit -c 0; exec \"$@\"", "sh"], Throw, []);
        Assert.Equal(128 + 6, result.ExitCode);
        Assert.Contains("InvalidDataException: the message", result.Error, StringComparison.Ordinal);
    }

    private static void Throw() => throw new InvalidDataException("the message");

    [LinuxFact]
    public void A_signal_ends_it_with_128_and_its_number() => Assert.Equal(128 + 9, FreshProcess.Run(KillSelf).ExitCode);

    private static void KillSelf() => Process.GetCurrentProcess().Kill();

    [LinuxFact]
    public void What_takes_longer_than_its_time_is_killed_and_told()
    {
        long begun = Stopwatch.GetTimestamp();
        TimeoutException e = Assert.Throws<TimeoutException>(() => FreshProcess.Run([], Hang, [], TimeSpan.FromSeconds(2)));
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 1.9, 20);
        string id = e.Message.Split('\n').First(l => l.StartsWith("pid ", StringComparison.Ordinal))[4..];
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    private static void Hang()
    {
        Console.WriteLine($"pid {Environment.ProcessId}");
        Thread.Sleep(Timeout.Infinite);
    }

    [LinuxFact]
    public void A_failed_process_is_told_with_what_it_printed()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => FreshProcess.Run(Return, "3").EnsureSuccess());
        Assert.Contains("exit code 3", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_method_with_an_object_is_refused()
        => Assert.Throws<ArgumentException>(() => FreshProcess.Run(It_runs_in_another_process));

    [LinuxFact]
    public void Other_arguments_are_none_of_its_business()
    {
        Assert.False(FreshProcess.TryRunMethod([], out _));
        Assert.False(FreshProcess.TryRunMethod(["--help"], out _));
    }

    private static string[] Lines(CommandResult result) => result.EnsureSuccess().Output.Split('\n');
}
