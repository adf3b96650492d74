using Isolation.Cgroups;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation.Benchmarks.Serve;

/// <summary>The works of reference/cgroup.c through the library.</summary>
internal static class CgroupWorks
{
    private const int Reads = 1000, Cgroups = 100;

    /// <summary>After so long the kernel tells the next change of a file at once.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(15);

    public static WorkContender Open(string work, string mount, string pause) => work switch
    {
        "stat" => Statistics(MakeCgroup(mount)),
        "all" => AllStatistics(MakeCgroup(mount)),
        "create" => Create(MakeCgroup(mount)),
        "remove" => Remove(MakeCgroup(mount)),
        "freeze" => Freeze(MakeCgroup(mount), pause),
        "kill" => Kill(MakeCgroup(mount), pause),
        _ => throw new ArgumentException($"unknown work {work}"),
    };

    /// <summary>A cgroup right below the mount point.</summary>
    public static Cgroup MakeCgroup(string mount)
    {
        using Cgroup root = Cgroup.Open(mount);
        return root.CreateChild($"isolation-bench-net-{Environment.ProcessId}");
    }

    private static WorkContender Statistics(Cgroup cgroup)
    {
        CgroupStatistics statistics = cgroup.OpenStatistics();
        TimeSpan sink = TimeSpan.Zero;
        return new WorkContender(
            () =>
            {
                for (int i = 0; i < Reads; i++)
                    sink += statistics.ReadCpu().Usage;
                return sink >= TimeSpan.Zero ? Reads : 0;
            },
            Reads,
            statistics, new Removal(cgroup));
    }

    private static WorkContender AllStatistics(Cgroup cgroup)
    {
        CgroupStatistics statistics = cgroup.OpenStatistics();
        long sink = 0;
        return new WorkContender(
            () =>
            {
                for (int i = 0; i < Reads; i++)
                    sink += statistics.ReadAll().Timestamp;
                return sink != 0 ? Reads : 0;
            },
            Reads,
            statistics, new Removal(cgroup));
    }

    private static WorkContender Create(Cgroup cgroup) => new(() => CreateAll(cgroup), Cgroups, new Removal(cgroup)) { After = () => RemoveAll(cgroup) };

    private static WorkContender Remove(Cgroup cgroup)
    {
        var made = new Cgroup[Cgroups];
        return new WorkContender(
            () =>
            {
                foreach (Cgroup child in made)
                    child.Delete();
                return Cgroups;
            },
            Cgroups,
            new Removal(cgroup))
        {
            Before = () =>
            {
                for (int i = 0; i < Cgroups; i++)
                    made[i] = cgroup.CreateChild($"c{i}");
            },
            After = () =>
            {
                foreach (Cgroup child in made)
                    child.Dispose();
            },
        };
    }

    private static WorkContender Freeze(Cgroup cgroup, string pause)
    {
        ChildProcess process = Start(cgroup, pause);
        return new WorkContender(
            () =>
            {
                cgroup.Freeze();
                return 1;
            },
            1,
            new Removal(cgroup), process)
        {
            After = () =>
            {
                cgroup.Thaw();
                Thread.Sleep(s_rest);
            },
        };
    }

    private static WorkContender Kill(Cgroup cgroup, string pause)
    {
        ChildProcess? process = null;
        return new WorkContender(
            () =>
            {
                cgroup.Kill();
                return 1;
            },
            1,
            new Removal(cgroup))
        {
            Before = () =>
            {
                process = Start(cgroup, pause);
                Thread.Sleep(s_rest);
            },
            After = () =>
            {
                process!.WaitForExit();
                process.Dispose();
            },
        };
    }

    private static int CreateAll(Cgroup cgroup)
    {
        for (int i = 0; i < Cgroups; i++)
            cgroup.CreateChild($"c{i}").Dispose();
        return Cgroups;
    }

    private static void RemoveAll(Cgroup cgroup)
    {
        foreach (string name in cgroup.ListChildren())
        {
            using Cgroup child = cgroup.OpenChild(name);
            child.Delete();
        }
    }

    // Not by Process.Start, whose end of a child wakes the runtime's own reaper in the middle of a kill.
    private static ChildProcess Start(Cgroup cgroup, string pause)
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.Execve, new StepNote("execute", pause), program.Text(pause), program.Strings([pause]), program.Strings([]));
        ChildProcess process = ChildProcess.Start(new ChildStartInfo(program.Build()));
        cgroup.AddProcess(process.ProcessId);
        return process;
    }

    /// <summary>Removes a cgroup, and what is in it, at the end.</summary>
    private sealed class Removal(Cgroup cgroup) : IDisposable
    {
        public void Dispose()
        {
            cgroup.Kill();
            cgroup.Delete(recursive: true);
            cgroup.Dispose();
        }
    }
}
