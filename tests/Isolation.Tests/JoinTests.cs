using System.Globalization;
using System.Runtime.InteropServices;
using Isolation.Namespaces;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Starting in existing namespaces, and in running containers.</summary>
public class JoinTests
{
    private static readonly string[] s_kinds = ["user", "mnt", "pid", "net", "uts", "ipc", "cgroup", "time"];

    [LinuxTheory(Needs.Root | Needs.Busybox)]
    [InlineData("user namespace")]
    [InlineData("no user namespace")]
    public void Exec_runs_in_all_namespaces_of_the_container(string kind)
    {
        using var root = new BusyboxRoot();
        ContainerBuilder builder = kind == "user namespace" ? Containers.Full(root) : Containers.Isolated(root);
        using Container container = builder.WithCommand("/bin/sleep", "1000").Start();
        Inside(container, "true");
        using var nothingLeft = new ResidueCheck();
        string[] links = Inside(container, $"for k in {string.Join(' ', s_kinds)}; do readlink /proc/self/ns/$k; done").Split('\n');
        Assert.Equal(s_kinds.Select(k => new FileInfo($"/proc/{container.ProcessId}/ns/{k}").LinkTarget), links);
    }

    [LinuxTheory(Needs.Root | Needs.Busybox)]
    [InlineData("user namespace")]
    [InlineData("no user namespace")]
    public void What_exec_starts_has_the_world_of_the_container(string kind)
    {
        using var root = new BusyboxRoot();
        ContainerBuilder builder = (kind == "user namespace" ? Containers.Full(root) : Containers.Isolated(root)).WithEnvironment("ANSWER", "42");
        const string Script = "id; hostname; pwd; echo $ANSWER; env | sort; umask; ls /proc/self/fd; grep -E 'Sig(Blk|Ign|Cgt)|Cap|NoNewPrivs|Groups|Umask' /proc/self/status; grep -E 'core|open files' /proc/self/limits; cat /proc/self/uid_map /proc/self/gid_map";
        string started = builder.Shell(Script);
        using Container container = builder.WithCommand("/bin/sleep", "1000").Start();
        Inside(container, "true");
        using var nothingLeft = new ResidueCheck();
        Assert.Equal(started, Inside(container, Script));
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void Exec_is_the_users_own_session_and_a_child_of_nobody_inside()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithUser("alice").WithCommand("/bin/sleep", "1000").Start();
        Inside(container, "true");
        using var nothingLeft = new ResidueCheck();
        string[] fields = Inside(container, "id -u; id -g; id -G; head -c 200 /proc/self/stat").Split('\n');
        Assert.Equal(("1000", "1001", "1001 50"), (fields[0], fields[1], fields[2]));

        // proc_pid_stat(5): the shell's parent, session and terminal are its child's parent's.
        string shell = Inside(container, "cat /proc/$$/stat");
        string[] stat = shell[(shell.LastIndexOf(')') + 2)..].Split(' ');
        Assert.Equal(("0", shell.Split(' ')[0], "0"), (stat[1], stat[3], stat[4]));
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void Exec_tells_exit_codes_signals_and_pids()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithCommand("/bin/sleep", "1000").Start();
        Inside(container, "true");
        using var nothingLeft = new ResidueCheck();
        using (Container exec = container.Exec("/bin/sh", "-c", "exit 7"))
            Assert.Equal(7, exec.WaitForExit().ExitCode);
        using (Container exec = container.Exec("/bin/sleep", "1000"))
        {
            Assert.Contains("NSpid:\t" + exec.ProcessId.ToString(CultureInfo.InvariantCulture), File.ReadAllText($"/proc/{exec.ProcessId}/status"), StringComparison.Ordinal);
            Assert.True(exec.Signal(PosixSignal.SIGTERM));
            Assert.Equal((143, PosixSignal.SIGTERM), (exec.WaitForExit().ExitCode, exec.WaitForExit().Signal));
        }

        Assert.False(container.HasExited);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public async Task Exec_on_a_pool_thread_and_disposal_leave_the_container_alone()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithCommand("/bin/sleep", "1000").Start();
        Inside(container, "true");

        // What waits without a thread is made once a process, when somebody waits for what still runs.
        using (Container first = container.Exec("/bin/sleep", "1000"))
        {
            Task<ContainerExit> ended = first.WaitForExitAsync(TestContext.Current.CancellationToken);
            first.Kill();
            await ended;
        }

        using var nothingLeft = new ResidueCheck();
        await using (Container exec = await container.ExecAsync(["/bin/sleep", "1000"], TestContext.Current.CancellationToken))
            Assert.False(exec.HasExited);
        Assert.False(container.HasExited);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void Exec_in_a_container_that_has_ended_says_so()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithCommand("/bin/sleep", "1000").Start();
        ContainerTemplate template = new ContainerBuilder().WithContainer(container).WithCommand("/bin/true").Build();
        template.Run().EnsureSuccess();
        container.Kill();
        container.WaitForExit();
        using var nothingLeft = new ResidueCheck();
        Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(() => template.Run()).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(() => container.Exec("/bin/true")).Errno);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void A_missing_program_is_named_and_the_container_lives_on()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithCommand("/bin/sleep", "1000").Start();
        new ContainerBuilder().WithContainer(container).WithCommand("/bin/true").Run();
        using var nothingLeft = new ResidueCheck();
        LinuxException error = Assert.Throws<LinuxException>(() => container.Exec("/missing"));
        Assert.Equal(("execute", "/missing", Errno.ENOENT), (error.Operation, error.Target, error.Errno));
        Assert.False(container.HasExited);
    }

    [LinuxFact(Needs.UserNamespaces | Needs.Busybox)]
    public void An_ordinary_user_execs_in_its_own_containers()
    {
        using var root = new BusyboxRoot();
        CommandResult result = FreshProcess.RunAsUser(ExecAsUser, root.Path);
        string[] lines = result.EnsureSuccess().Output.TrimEnd().Split('\n');
        Assert.Equal(("0", "2"), (lines[0], lines[^1]));
        Assert.Equal(lines[1..9], lines[9..17]);
    }

    private static void ExecAsUser(string root)
    {
        using Container container = new ContainerBuilder().WithRootFs(root).WithUserNs().WithPidNs().WithNetNs().WithUtsNs("inside").WithIpcNs().WithCommand("/bin/sleep", "1000").Start();
        Console.WriteLine(Inside(container, "id -u"));
        foreach (string kind in s_kinds)
            Console.WriteLine(new FileInfo($"/proc/{container.ProcessId}/ns/{kind}").LinkTarget);
        Console.WriteLine(Inside(container, $"for k in {string.Join(' ', s_kinds)}; do readlink /proc/self/ns/$k; done"));
        Console.WriteLine(Inside(container, "set -- /proc/[0-9]*; echo $#"));
    }

    [LinuxTheory(Needs.Root)]
    [InlineData(NamespaceKinds.Network)]
    [InlineData(NamespaceKinds.Uts)]
    [InlineData(NamespaceKinds.Ipc)]
    [InlineData(NamespaceKinds.Mount)]
    [InlineData(NamespaceKinds.Cgroup)]
    [InlineData(NamespaceKinds.Pid)]
    [InlineData(NamespaceKinds.User)]
    [InlineData(NamespaceKinds.Time)]
    public void Each_kind_is_joined_by_a_handle(NamespaceKinds kind)
    {
        ContainerBuilder owner = kind switch
        {
            NamespaceKinds.Network => new ContainerBuilder().WithNetNs(),
            NamespaceKinds.Uts => new ContainerBuilder().WithUtsNs(),
            NamespaceKinds.Ipc => new ContainerBuilder().WithIpcNs(),
            NamespaceKinds.Mount => new ContainerBuilder().WithMountNs(),
            NamespaceKinds.Cgroup => new ContainerBuilder().WithCgroupNs(),
            NamespaceKinds.Pid => new ContainerBuilder().WithPidNs(),
            NamespaceKinds.User => new ContainerBuilder().WithUserNs(new UserNamespaceMaps(new IdRange(0, 0, 65536))),
            _ => new ContainerBuilder().WithTimeNs(),
        };
        using Container holder = owner.WithCommand("sleep", "1000").Start();
        using Namespace handle = Namespace.OfProcess(holder.ProcessId, kind);
        var builder = new ContainerBuilder();
        ContainerBuilder joining = handle switch
        {
            NetworkNamespace n => builder.WithNetNs(n),
            UtsNamespace n => builder.WithUtsNs(n),
            IpcNamespace n => builder.WithIpcNs(n),
            MountNamespace n => builder.WithMountNs(n),
            CgroupNamespace n => builder.WithCgroupNs(n),
            PidNamespace n => builder.WithPidNs(n),
            UserNamespace n => builder.WithUserNs(n),
            _ => builder.WithTimeNs((TimeNamespace)handle),
        };
        using Container joined = joining.WithCommand("sleep", "1000").Start();
        using Namespace found = Namespace.OfProcess(joined.ProcessId, kind);
        Assert.Equal(handle, found);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void A_neighbour_with_a_root_of_its_own_shares_the_pid_namespace()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Isolated(root).WithCommand("/bin/sleep", "1000").Start();
        using Container neighbour = new ContainerBuilder().WithRootFs(root.Path).WithPidNs(of: container.ProcessId).WithUtsNs("neighbour").WithCommand("/bin/sleep", "1000").Start();
        Assert.Equal(Link(container, "pid"), Link(neighbour, "pid"));
        Assert.NotEqual(Link(container, "mnt"), Link(neighbour, "mnt"));
        Assert.Equal("3", Inside(container, "set -- /proc/[0-9]*; echo $#"));
    }

    [LinuxFact(Needs.Root)]
    public void An_unprivileged_program_joins_through_the_runner_and_a_privileged_one_without()
    {
        using Container holder = new ContainerBuilder().WithNetNs().WithCommand("sleep", "1000").Start();
        ContainerBuilder joining = new ContainerBuilder().WithNetNs(of: holder.ProcessId).WithCommand("true");
        Assert.DoesNotContain("execveat", joining.Explain(), StringComparison.Ordinal);
        Assert.Contains("execveat", joining.WithUser("1000").Explain(), StringComparison.Ordinal);
        joining.Run().EnsureSuccess();
        joining.WithUser("1000").Run().EnsureSuccess();
    }

    [LinuxFact(Needs.Root)]
    public void Explain_shows_the_joining_in_its_order()
    {
        using Container holder = new ContainerBuilder().WithNetNs().WithPidNs().WithUserNs().WithCommand("sleep", "1000").Start();
        string plan = new ContainerBuilder().WithNamespacesOf(holder.PidFd).WithCommand("/bin/true").Explain();
        string[] order = ["clone3(", "execveat(", "prctl(PR_SET_DUMPABLE, 0", "setns(namespace1, CLONE_NEWPID|CLONE_NEWNET)", "setns(namespace2, CLONE_NEWUSER)", "setresuid(", "clone(CLONE_PARENT|", "setsid(", "execve(\"/bin/true\""];
        Assert.Equal(order, order.OrderBy(o => plan.IndexOf(o, StringComparison.Ordinal)));
        Assert.All(order, o => Assert.Contains(o, plan, StringComparison.Ordinal));
    }

    [LinuxFact]
    public void Contradictions_are_refused_before_anything_starts()
    {
        using Namespace net = Namespace.OfThisThread(NamespaceKinds.Network), mount = Namespace.OfThisThread(NamespaceKinds.Mount), user = Namespace.OfThisThread(NamespaceKinds.User);
        ContainerBuilder[] wrong =
        [
            new ContainerBuilder().WithNetNs().WithNetNs((NetworkNamespace)net),
            new ContainerBuilder().WithMountNs((MountNamespace)mount).WithTmpfsMount("/tmp"),
            new ContainerBuilder().WithMountNs((MountNamespace)mount).WithRootFs("/"),
            new ContainerBuilder().WithMountNs((MountNamespace)mount).WithUser("alice"),
            new ContainerBuilder().WithUtsNs(of: Environment.ProcessId).WithHostname("x"),
            new ContainerBuilder().WithUserNs().WithNetNs((NetworkNamespace)net),
            new ContainerBuilder().WithUserNs((UserNamespace)user).WithPidNs(),
            new ContainerBuilder().WithPidNs(of: Environment.ProcessId).WithInit(),
        ];
        foreach (ContainerBuilder builder in wrong)
            Assert.Throws<ArgumentException>(builder.Build);
    }

    [LinuxFact(Needs.Root)]
    public void Joining_the_callers_own_user_namespace_says_that_it_is_in_it_already()
    {
        using Namespace user = Namespace.OfThisThread(NamespaceKinds.User);
        LinuxException error = Assert.Throws<LinuxException>(() => new ContainerBuilder().WithUserNs((UserNamespace)user).WithCommand("true").Run());
        Assert.Equal(("join", Errno.EINVAL), (error.Operation, error.Errno));
        Assert.Contains("already", error.Hint, StringComparison.Ordinal);
    }

    [LinuxTheory(Needs.Root)]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_started_in_a_container_with_a_cgroup_is_in_that_too(bool killedBefore)
    {
        using var cgroup = new CgroupOfTests();
        if (killedBefore)
            File.WriteAllText($"{cgroup.Path}/cgroup.kill", "1");
        using Container container = new ContainerBuilder().WithCgroupDirectory(cgroup.Path).WithPidNs().WithCommand("sleep", "1000").Start();
        using (Container exec = container.Exec("sleep", "1000"))
            Assert.Contains(exec.ProcessId.ToString(CultureInfo.InvariantCulture), File.ReadAllLines($"{cgroup.Path}/cgroup.procs"));
        Assert.False(container.HasExited);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void Twenty_threads_exec_in_one_container()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithCommand("/bin/sleep", "1000").Start();
        ContainerTemplate template = new ContainerBuilder().WithContainer(container).WithCommand("/bin/sh", "-c", "exit 3").Build();
        template.Run();
        using var nothingLeft = new ResidueCheck();
        var codes = new System.Collections.Concurrent.ConcurrentBag<int>();
        Thread[] threads = [.. Enumerable.Range(0, 20).Select(_ => new Thread(() => Enumerable.Range(0, 10).ToList().ForEach(_ => codes.Add(template.Run().ExitCode))))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(Enumerable.Repeat(3, 200), codes);
    }

    private static string? Link(Container container, string kind) => new FileInfo($"/proc/{container.ProcessId}/ns/{kind}").LinkTarget;

    private static string Inside(Container container, string script) => new ContainerBuilder().WithContainer(container).WithStandardInput(StandardStream.Null).Shell(script);
}
