namespace Isolation.Samples.Tests;

/// <summary>samples/Chroot beside chroot(1): the same words, the same output and exit code.</summary>
public sealed class ChrootTests
{
    public static TheoryData<string> AsRoot { get; } =
    [
        "{root} /bin/ls /",
        "{root} pwd",
        "{root} sh -c \"echo $PATH; exit 3\"",
        "{root} /bin/sh -c \"kill -9 $$\"",
        "--userspec=1000:1001 {root} /bin/sh -c \"id -u; id -g\"",
        "{root} env",
        "{root} no-such-program",
        "{root} /etc/passwd",
        "{root}/none /bin/true",
        "{root}/etc/passwd /bin/true",
    ];

    [LinuxTheory(Needs.Root | Needs.Busybox)]
    [MemberData(nameof(AsRoot))]
    public void It_does_what_chroot_does(string line)
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        string[] words = UnshareTests.Words(line.Replace("{root}", root.Path, StringComparison.Ordinal));
        CommandResult theirs = Command.Run("chroot", words), ours = Run(words);
        Assert.Equal((theirs.ExitCode, Sorted(theirs.Output)), (ours.ExitCode, Sorted(ours.Output)));
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.UserNamespaces)]
    public void With_a_user_namespace_it_is_for_ordinary_users()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        Assert.Equal("0 7\n125\n", FreshProcess.RunAsUser(RunAsUser, root.Path).EnsureSuccess().Output);
    }

    private static void RunAsUser(string root)
    {
        Console.Write(Run("--userns", root, "sh", "-c", "echo $(id -u) $(ls / | grep -c .)").EnsureSuccess().Output);
        CommandResult refused = Run(root, "/bin/true");
        Assert.Contains("chroot needs CAP_SYS_CHROOT; add WithUserNs()", refused.Error, StringComparison.Ordinal);
        Console.WriteLine(refused.ExitCode);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void Names_of_users_are_those_of_the_new_root()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("1000 1001 50\n", Run("--userspec", "alice", root.Path, "sh", "-c", "echo $(id -u) $(id -G)").EnsureSuccess().Output);
        CommandResult unknown = Run("--userspec", "bob", root.Path, "/bin/true");
        Assert.Equal((125, $"chroot: There is no user 'bob' in /etc/passwd of {root.Path}. Give the number, or add a line.\n"), (unknown.ExitCode, unknown.Error));
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void It_explains_what_it_would_do()
    {
        using var root = new BusyboxRoot();
        Assert.Contains($"chroot(\"{root.Path}\")", Run("--explain", root.Path, "/bin/true").EnsureSuccess().Output, StringComparison.Ordinal);
    }

    [NativeOnly]
    [LinuxFact(Needs.Root | Needs.Mmdebstrap)]
    public void A_Debian_system_runs_in_it()
    {
        using var root = new DebianRoot();
        string before = root.Listing();
        using (new ResidueCheck())
        {
            foreach (string[] options in (string[][])[[], ["--userns"]])
            {
                Assert.StartsWith("apt ", Run([.. options, root.Path, "apt-get", "--version"]).EnsureSuccess().Output, StringComparison.Ordinal);
                Assert.Matches(@"(?m)^ii  base-files +\d", Run([.. options, root.Path, "dpkg", "-l"]).EnsureSuccess().Output);
            }
        }

        Assert.Equal(before, root.Listing());
    }

    // busybox's env prints in the order in which it gets them.
    private static string Sorted(string text) => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));

    private static CommandResult Run(params string[] words) => Command.Run(Path.Combine(AppContext.BaseDirectory, "Chroot"), words);
}
