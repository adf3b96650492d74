using System.Collections.Concurrent;
using System.Diagnostics;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Containers that are born in a cgroup of their own, with limits set by plain writes. In the lab with all controllers.</summary>
public sealed class CgroupTests : IDisposable
{
    private readonly string _cgroup = Path.Combine(Directory.Exists("/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup", "isolation-" + Guid.NewGuid().ToString("N")[..8]);

    public CgroupTests()
    {
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory(_cgroup);
    }

    // Processes that were killed leave their cgroup a little later.
    public void Dispose()
    {
        for (int i = 0; Directory.Exists(_cgroup); i++)
        {
            try
            {
                Directory.Delete(_cgroup);
            }
            catch (IOException) when (i < 100)
            {
                Thread.Sleep(20);
            }
        }
    }

    private void Limit(string file, string value) => File.WriteAllText(Path.Combine(_cgroup, file), value);

    [LinuxFact(Needs.Root)]
    public void A_container_is_born_in_its_cgroup()
        => Assert.Contains($"0::/{Path.GetFileName(_cgroup)}", new ContainerBuilder().WithCgroupDirectory(_cgroup).Shell("cat /proc/self/cgroup"), StringComparison.Ordinal);

    [LinuxFact(Needs.Root)]
    public void A_cgroup_with_processes_is_refused()
    {
        using Container first = new ContainerBuilder().WithCgroupDirectory(_cgroup).WithCommand("sleep", "1000").Start();
        LinuxException error = Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithCgroupDirectory(_cgroup).WithCommand("true").Run(); });
        Assert.Equal(Errno.EBUSY, error.Errno);
    }

    [LinuxFact(Needs.Root)]
    public void Of_starts_at_the_same_time_in_one_cgroup_one_succeeds()
    {
        ContainerTemplate template = new ContainerBuilder().WithCgroupDirectory(_cgroup).WithCommand("sleep", "1000").Build();
        for (int i = 0; i < 20; i++)
        {
            var started = new ConcurrentBag<Container>();
            var refused = new ConcurrentBag<LinuxException>();
            using var together = new Barrier(4);
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                together.SignalAndWait();
                try
                {
                    started.Add(template.Start());
                }
                catch (LinuxException e)
                {
                    refused.Add(e);
                }
            }))];
            Array.ForEach(threads, t => t.Start());
            Array.ForEach(threads, t => t.Join());
            Assert.All(refused, e => Assert.True(e.Errno == Errno.EBUSY, e.Message));
            Assert.Single(started).Dispose();
        }
    }

    [LinuxFact(Needs.Root)]
    public void A_cgroup_whose_processes_were_killed_takes_another_container()
    {
        ContainerBuilder container = new ContainerBuilder().WithCgroupDirectory(_cgroup);
        Limit("cgroup.kill", "1");
        for (int i = 0; i < 3; i++)
        {
            Assert.Contains($"0::/{Path.GetFileName(_cgroup)}", container.Shell("cat /proc/self/cgroup"), StringComparison.Ordinal);
            Assert.Equal("0::/", container.WithCgroupNs().Shell("tail -n 1 /proc/self/cgroup"));
            Limit("cgroup.kill", "1");
        }
    }

    [LinuxFact(Needs.Root)]
    public void The_plan_shows_the_cgroup()
    {
        string plan = new ContainerBuilder().WithCgroupDirectory(_cgroup).WithCommand("true").Explain();
        Assert.Contains($"CLONE_INTO_CGROUP, exit_signal=0, cgroup={_cgroup}}}", plan, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root)]
    public void Killing_ends_all_processes_of_the_cgroup()
    {
        Container container = new ContainerBuilder().WithCgroupDirectory(_cgroup).WithCommand("sh", "-c", "sleep 1000 & sleep 1000 & wait").Start();
        long begun = Stopwatch.GetTimestamp();
        while (File.ReadLines(_cgroup + "/cgroup.procs").Count() < 3)
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(20));
        container.Dispose();
        while (File.ReadLines(_cgroup + "/cgroup.events").Contains("populated 1"))
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(40));
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void A_start_that_meets_pids_max_names_it()
    {
        Limit("pids.max", "0");
        LinuxException error = Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithCgroupDirectory(_cgroup).WithPidNs().WithCommand("true").Run(); });
        Assert.Equal(Errno.EAGAIN, error.Errno);
        Assert.Contains($"{_cgroup} has 0 processes and threads of pids.max 0", error.Message, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void A_fork_bomb_stays_below_pids_max_and_ends_with_the_container()
    {
        Limit("pids.max", "20");
        ContainerTemplate bomb = new ContainerBuilder().WithCgroupDirectory(_cgroup).WithPidNs()
            .WithStandardError(StandardStream.Null).WithStandardOutput(StandardStream.Null).WithCommand("sh", "-c", "while true; do sleep 1000 & done").Build();
        using (bomb.Start())
        {
            long begun = Stopwatch.GetTimestamp();
            while (!File.ReadAllText(_cgroup + "/pids.events").StartsWith("max ", StringComparison.Ordinal) || File.ReadAllText(_cgroup + "/pids.events").StartsWith("max 0", StringComparison.Ordinal))
                Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30));
        }

        Assert.DoesNotContain("populated 1", File.ReadAllText(_cgroup + "/cgroup.events"), StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2)]
    public void Running_out_of_memory_is_told()
    {
        Limit("memory.max", "16777216");
        ContainerExit exit = new ContainerBuilder().WithCgroupDirectory(_cgroup).WithCommand("sh", "-c", "head -c 100000000 /dev/zero | tail").Run();
        Assert.True(exit.OomKilled);
    }

    [LinuxFact(Needs.Root | Needs.CgroupV2 | Needs.Busybox)]
    public void A_set_up_that_runs_out_of_memory_does_not_end_the_manager()
    {
        using var root = new BusyboxRoot();
        foreach (string max in (string[])["4096", "65536", "131072", "262144"])
        {
            Limit("memory.max", max);
            try
            {
                Containers.Full(root).WithCgroupDirectory(_cgroup).WithCommand("/bin/true").Run();
            }
            catch (LinuxException e)
            {
                Assert.NotEqual(Errno.None, e.Errno);
            }
        }
    }
}
