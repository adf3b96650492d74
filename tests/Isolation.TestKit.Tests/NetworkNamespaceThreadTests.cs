namespace Isolation.TestKit.Tests;

/// <summary>The throw-away network namespace.</summary>
public sealed class NetworkNamespaceThreadTests
{
    [LinuxFact(Needs.Root)]
    public void It_has_lo_and_nothing_else()
    {
        using var inside = new NetworkNamespaceThread();
        Assert.Equal(["lo"], inside.Run(Links));
    }

    [LinuxFact(Needs.Root)]
    public void It_leaves_nothing_behind()
    {
        // The first one loads what the runtime needs for it.
        new NetworkNamespaceThread().Dispose();
        using var check = new ResidueCheck();
        using var inside = new NetworkNamespaceThread();
        _ = inside.Run(Links);
    }

    [LinuxFact(Needs.Root)]
    public void The_rest_of_the_process_stays_where_it_is()
    {
        string? before = Namespace();
        using var inside = new NetworkNamespaceThread();
        Assert.NotEqual(before, inside.Run(Namespace));
        Assert.Equal(before, Namespace());
        Assert.Equal(before, Task.Run(Namespace).Result);
    }

    [LinuxFact(Needs.Root)]
    public void Two_of_them_are_two_namespaces()
    {
        using NetworkNamespaceThread one = new(), two = new();
        Assert.NotEqual(one.Run(Namespace), two.Run(Namespace));
    }

    [LinuxFact(Needs.Root)]
    public void All_that_runs_inside_runs_in_the_same_namespace()
    {
        using var inside = new NetworkNamespaceThread();
        Assert.Equal(inside.Run(Namespace), inside.Run(Namespace));
    }

    [LinuxFact(Needs.Root)]
    public void An_exception_inside_comes_out_and_the_thread_lives_on()
    {
        using var inside = new NetworkNamespaceThread();
        Assert.Throws<InvalidDataException>(() => inside.Run<int>(static () => throw new InvalidDataException()));
        Assert.Equal(1, inside.Run(static () => 1));
    }

    [LinuxFact(Needs.Root)]
    public void Without_privilege_it_says_so() => Assert.Equal(1, FreshProcess.RunAsUser(MakeOne).ExitCode);

    private static int MakeOne()
    {
        try
        {
            new NetworkNamespaceThread().Dispose();
            return 0;
        }
        catch (Isolation.Syscalls.LinuxException e)
        {
            return (int)e.Errno;
        }
    }

    // proc(5), /proc/PID/net: two lines of headings, then "name: numbers".
    private static string[] Links() => [.. File.ReadLines("/proc/thread-self/net/dev").Skip(2).Select(l => l.Split(':')[0].Trim())];

    private static string? Namespace() => new FileInfo("/proc/thread-self/ns/net").LinkTarget;
}
