namespace Isolation.Samples.Tests;

/// <summary>samples/Unshare beside unshare(1): the same words, the same output and exit code.</summary>
public sealed class UnshareTests
{
    // What differs by nature is not printed: numbers of namespaces and processes of the host. unshare leaves lo down.

    public static TheoryData<string> AsRoot { get; } =
    [
        "--net sh -c \"ls /sys/class/net >/dev/null; cut -d: -f1 /proc/net/dev | tail -n +3\"",
        "-n -u -i sh -c \"echo net uts ipc\"",
        "--uts sh -c \"hostname inside; hostname\"",
        "-m sh -c \"mount -t tmpfs none /mnt && grep -c ' /mnt ' /proc/self/mountinfo\"",
        "--pid --fork --mount-proc sh -c \"echo $$; cat /proc/1/comm; test -e /proc/2/status && test $(cat /proc/2/comm) = kthreadd || echo own\"",
        "-p -f sh -c \"echo $$\"",
        "--ipc ipcs -q",
        "--user --map-root-user id -u",
        "-r sh -c \"cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups\"",
        "-Uc sh -c \"cat /proc/self/uid_map\"",
        "--cgroup cat /proc/self/cgroup",
        "--time --boottime 86400 -f sh -c \"test $(cut -d. -f1 /proc/uptime) -gt 86400 && echo ahead\"",
        "-T --monotonic 1000 -f cat /proc/self/timens_offsets",
        "-S 1234 -G 2345 --user -r false",
        "--setuid 1234 --setgid 2345 id -u",
        "-S 1234 -G 2345 id -g",
        "--wd=/usr pwd",
        "-w /usr/bin pwd",
        "--root {root} /bin/ls /bin/busybox",
        "-R {root} -w {root}/etc /bin/pwd",
        "-n sh -c \"exit 42\"",
        "-m sh -c \"kill -9 $$\"",
        "-u env GREETING=hello printenv GREETING",
    ];

    [LinuxTheory(Needs.Root | Needs.Busybox)]
    [MemberData(nameof(AsRoot))]
    public void It_does_what_unshare_does(string line)
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        AssertSame(Words(line.Replace("{root}", root.Path, StringComparison.Ordinal)));
    }

    [LinuxFact(Needs.UserNamespaces)]
    public void It_does_what_unshare_does_for_an_ordinary_user() => FreshProcess.RunAsUser(CompareAsUser).EnsureSuccess();

    private static void CompareAsUser()
    {
        foreach (string line in (string[])["-r id -u", "-rmun sh -c \"hostname inside && hostname\"", "-r --pid --fork --mount-proc sh -c \"echo $$\"", "-c id -u", "-rn sh -c \"exit 3\""])
            AssertSame(Words(line));
    }

    [LinuxFact]
    public void What_cannot_be_run_is_told()
    {
        CommandResult result = Run("/no/such/program");
        Assert.Equal(127, result.ExitCode);
        Assert.StartsWith("unshare: execute /no/such/program failed: No such file or directory", result.Error, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void It_explains_what_it_would_do() => Assert.Contains("CLONE_NEWUTS", Run("--uts", "--explain", "true").EnsureSuccess().Output, StringComparison.Ordinal);

    private static void AssertSame(string[] words)
    {
        CommandResult theirs = Command.Run("unshare", words), ours = Run(words);
        Assert.Equal((theirs.ExitCode, theirs.Output), (ours.ExitCode, ours.Output));
    }

    private static CommandResult Run(params string[] words) => Command.Run(Path.Combine(AppContext.BaseDirectory, "Unshare"), words);

    /// <summary>Words between blanks; what stands between quotation marks is one.</summary>
    internal static string[] Words(string line)
        => [.. line.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
