using Isolation.Fs;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation.Tests;

/// <summary>R01, R02, R03 of the project's security checks: after any start, success or failure, the host is as it was.</summary>
public class LeavesNothingTests(ITestOutputHelper console)
{
    private static readonly Errno[] s_errnos = [Errno.EPERM, Errno.ENOMEM, Errno.EINTR, Errno.EAGAIN, Errno.EMFILE, Errno.ENOSPC, Errno.EBUSY, Errno.EIO, Errno.ENOSYS];

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void A_thousand_full_starts_leave_nothing_and_need_no_memory()
    {
        const int Starts = 1000;
        using var root = new BusyboxRoot();
        ContainerTemplate template = Containers.Full(root).WithCommand("/bin/true").Build();
        for (int i = 0; i < 50; i++)
            template.Run().EnsureSuccess();
        using var residue = new ResidueCheck();
        GC.Collect();
        long before = Environment.WorkingSet;
        for (int i = 0; i < Starts; i++)
            Assert.Equal(0, template.Run().ExitCode);
        GC.Collect();
        long more = Environment.WorkingSet - before;
        console.WriteLine($"{Starts} starts: {more >> 10} KiB more");
        Assert.True(more < 8 << 20, $"{more} bytes more");
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    public void Failing_starts_of_many_kinds_leave_nothing()
    {
        const int Rounds = 1000;
        using var root = new BusyboxRoot();
        File.WriteAllText(root.At("bin/garbage"), "garbage");
        File.SetUnixFileMode(root.At("bin/garbage"), (UnixFileMode)0x1ed);
        ContainerBuilder full = Containers.Full(root), isolated = Containers.Isolated(root);
        ContainerBuilder piped = full.WithStandardInput(StandardStream.Pipe).WithStandardOutput(StandardStream.Pipe).WithStandardError(StandardStream.Pipe);
        ContainerTemplate[] failing =
        [
            full.WithCommand("/missing").Build(), full.WithCommand("missing").Build(), full.WithCommand("/bin/garbage").Build(), full.WithCommand("/etc").Build(),
            full.WithCommand("/etc/passwd").Build(), isolated.WithCommand("/missing").Build(), isolated.WithCommand("/bin/garbage").Build(),
            piped.WithCommand("/missing").Build(), piped.WithCommand("/etc").Build(), full.WithCommand("/bin/true").WithWorkingDirectory("/missing").Build(),
            full.WithCommand("/bin/true").WithUser("70000").Build(), isolated.WithUser("1000").WithWorkingDirectory("/root/x").WithCommand("/bin/true").Build(),
            new ContainerBuilder().WithRootFs(root.At("missing")).WithCommand("/bin/true").Build(),
            new ContainerBuilder().WithRootFs(root.At("etc/passwd"), RootFsMode.ReadWrite).WithCommand("/bin/true").Build(),
            new ContainerBuilder().WithRootFs(root.Path, RootFsMode.ReadOnly).WithTmpfsMount("/missing").WithCommand("/bin/true").Build(),
            new ContainerBuilder().WithTmpfsMount("/missing").WithCommand("/bin/true").Build(), new ContainerBuilder().WithChroot("/missing").WithCommand("/bin/true").Build(),
            new ContainerBuilder().WithCommand("/missing").Build(), new ContainerBuilder().WithTimeNs(monotonic: TimeSpan.FromDays(-100_000)).WithCommand("/bin/true").Build(),
            full.WithTmpfsMount("/big", mode: UnixFileMode.None).WithBindMount("/etc", "/bin/sh/below").WithCommand("/bin/true").Build(),
        ];
        foreach (ContainerTemplate template in failing)
            Assert.Throws<LinuxException>(() => { template.Start().Dispose(); });
        using var residue = new ResidueCheck();
        for (int i = 0; i < Rounds; i++)
        {
            foreach (ContainerTemplate template in failing)
                Assert.Throws<LinuxException>(() => { template.Start().Dispose(); });
        }
    }

    [LinuxTheory(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    [InlineData("user namespace")]
    [InlineData("no user namespace")]
    [InlineData("host root")]
    [InlineData("plain")]
    [InlineData("init")]
    [InlineData("exec")]
    [InlineData("exec as another user, without a user namespace")]
    [InlineData("exec in a cgroup")]
    [InlineData("cgroup of its own")]
    [InlineData("priorities and limits")]
    [InlineData("files")]
    [InlineData("mounts")]
    public void Every_failing_step_is_named_and_leaves_nothing(string kind)
    {
        using var root = new BusyboxRoot();
        using var cgroup = new CgroupOfTests();
        using Container? container = kind.StartsWith("exec", StringComparison.Ordinal) ? Held(kind, root, cgroup) : null;
        ContainerBuilder builder = kind switch
        {
            _ when container is not null => new ContainerBuilder().WithContainer(container).WithStandardInput(StandardStream.Null),
            "init" => Containers.Full(root).WithInit().WithUser("1000"),
            "user namespace" => (Machine.Missing(Needs.TimeOffsets) is null ? Containers.Full(root).WithTimeNs(bootTime: TimeSpan.FromHours(1)) : Containers.Full(root)).WithUser("1000:1001").WithWorkingDirectory("/tmp"),
            "no user namespace" => Containers.Isolated(root).WithStandardOutput(StandardStream.Pipe),
            "host root" => new ContainerBuilder().WithRootFs("/").WithUserNs().WithPidNs().WithStandardInput(StandardStream.Null),
            "priorities and limits" => new ContainerBuilder().WithNice(3).WithScheduler(Scheduling.Batch).WithIOPriority(IOPriority.Idle).WithCpuAffinity(0).WithOomScoreAdjustment(9).WithResourceLimit(LimitedResource.OpenFiles, 99),
            "files" => new ContainerBuilder().WithRootFs(root.Path, RootFsMode.ReadOnly).WithUserNs().WithIpcNs().WithFile("/etc/passwd", "root:x:0:0::/:/bin/sh\n").WithStandardInput(StandardStream.Null),
            "mounts" => new ContainerBuilder().WithRootFs(root.Path, RootFsMode.ReadWrite).WithUserNs().WithPidNs().WithIpcNs()
                .WithMount("/proc", new ProcOptions { ProcessesOnly = true }).WithMount("/tmp", new OverlayOptions(root.At("etc"), root.At("bin")))
                .WithMount("/root", new MqueueOptions(), accessTimes: AccessTimes.Never).WithPropagation(MountPropagation.Shared)
                .WithBindMount("/etc", "/root", new MountChange { Set = MountAttributes.NoExec, Propagation = MountPropagation.Slave }),
            "cgroup of its own" => Containers.Full(root).WithCgroup(),
            _ => new ContainerBuilder(),
        };
        ContainerTemplate template = builder.WithCommand("/bin/true").Build();
        template.Start().Dispose();
        using var residue = new ResidueCheck();
        int faults = 0;
        SyscallStep[] steps = [.. template.Program.AllSteps];
        for (int k = 0; k < steps.Length; k++)
        {
            SyscallStep step = steps[k];
            foreach (Errno errno in s_errnos)
            {
                if (step.Note.Tolerates.Contains(errno))
                    continue;
                LinuxException error = Assert.Throws<LinuxException>(() => { template.Start(new Fault((uint)k, errno)).Dispose(); });
                Assert.Equal((k, errno, step.Call.Name, step.Note.Operation, step.Note.Target), (error.Step, error.Errno, error.Call, error.Operation, error.Target));
                faults++;
            }
        }

        console.WriteLine($"{steps.Length} steps, {faults} faults");
    }

    /// <summary>A container for others to join.</summary>
    private static Container Held(string kind, BusyboxRoot root, CgroupOfTests cgroup)
    {
        ContainerBuilder builder = kind switch
        {
            "exec in a cgroup" => Containers.Full(root).WithCgroupDirectory(cgroup.Path),
            "exec" => Containers.Full(root),
            _ => Containers.Isolated(root).WithUser("alice"),
        };
        return builder.WithCommand("/bin/sleep", "1000").Start();
    }
}
