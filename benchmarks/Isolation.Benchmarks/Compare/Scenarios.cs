namespace Isolation.Benchmarks.Compare;

/// <summary>What is compared with what: the lines of "Starting" in the goals.</summary>
internal sealed class Scenarios(Workspace workspace)
{
    public IEnumerable<Scenario> All =>
    [
        new("Start a program, no isolation", 20,
            () => Tool("C: vfork, execve", workspace.Built("true")),
            () => DotNet("Isolation", "spawn"),
            () => DotNet("Process.Start", "process-start")),

        new("A container: six namespaces, private mounts, root bound, /proc, pivot_root, lo up", 10,
            () => Reference("C: the same system calls"),
            () => DotNet("Isolation", "container"),
            () => Tool("unshare (chroot; no host name, lo down)", "unshare", "--mount", "--pid", "--fork", "--net", "--uts", "--ipc", "--cgroup", $"--root={workspace.RootFs}", "--mount-proc", "/true"),
            () => Tool("bwrap", "bwrap", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-ipc", "--unshare-cgroup", "--as-pid-1", "--bind", workspace.RootFs, "/", "--proc", "/proc", "--hostname", "bench", "/true"),
            () => Crun("crun run, no cgroup", "minimal-crun", workspace.MakeMinimalBundle, "--cgroup-manager=disabled"),
            () => Runc("runc run", "minimal-runc", workspace.MakeMinimalBundle)),

        new("The same in a user namespace with one id", 20,
            () => Reference("C: the same system calls", "-u", "single"),
            () => DotNet("Isolation", "container", "--user", "single")),

        new("The same in a user namespace with 65,536 ids", 20,
            () => Reference("C: the same system calls", "-u", "range"),
            () => DotNet("Isolation", "container", "--user", "range")),

        new("A container while the parent holds 1 GB of live objects", 20,
            () => DotNet("Isolation", "container"),
            () => DotNet("Isolation, 1 GB", "container", "--heap", "1024")),

        new("A container while three threads allocate and the collector runs", 20,
            () => DotNet("Isolation", "container"),
            () => DotNet("Isolation, three threads allocating", "container", "--allocating", "3"),
            () => Reference("C"),
            () => Reference("C, three threads busy", "-b", "3")),

        new("Exec: a program in all namespaces of a running container", 10,
            () => DotNet("Isolation, start without isolation", "spawn"),
            () => DotNet("Isolation, start of such a container", "container"),
            () => DotNet("Isolation, exec", "exec"),
            () => Beside(RunningContainer.OfIsolation(workspace.RootFs), target => Tool("nsenter --all", "nsenter", "--target", target, "--all", "/true")),
            () => Beside(RunningContainer.OfTool("crun", s_crun, "exec-crun", workspace.MakeMinimalBundle), id => new("crun exec, no cgroup", Request([.. s_crun[^2..], "exec", id, "/true"]), [.. s_crun[..^2], workspace.Built("spawn"), "serve"])),
            () => Beside(RunningContainer.OfTool("runc", ["runc"], "exec-runc", workspace.MakeMinimalBundle), id => Tool("runc exec", "runc", "exec", id, "/true"))),

        new("The default OCI configuration (with its cgroup, seven mounts, masked paths, capabilities)", 10,
            () => Crun("crun run", "default-crun", workspace.MakeDefaultBundle),
            () => Runc("runc run", "default-runc", workspace.MakeDefaultBundle)),

        new("A delegate in a network namespace that exists (exec: until it is inside)", 20,
            () => new ServedContender("C: pthread_create, setns, pthread_join", "", workspace.Built("enter"), "serve"),
            () => DotNet("Isolation, Run", "delegate"),
            () => DotNet("Isolation, NamespaceThread.Run", "delegate-warm"),
            () => DotNet("Isolation, a new NamespaceThread each", "delegate-new-thread")),
    ];

    private static readonly string[] s_crun = [Workspace.Shipped("peers/without-cgroup2"), "crun", "--cgroup-manager=disabled"];

    /// <summary>A contender that needs a running container, which goes with it.</summary>
    private static OwningContender Beside(RunningContainer container, Func<string, ServedContender> open) => new(open(container.Name), container);

    private ServedContender Reference(string name, params ReadOnlySpan<string> options) =>
        new(name, "", [workspace.Built("container"), .. options, "serve", workspace.RootFs, "/true"]);

    private ServedContender DotNet(string name, string contender, params ReadOnlySpan<string> options) =>
        new(name, "", [Path.ChangeExtension(typeof(Scenarios).Assembly.Location, null), "serve", contender, workspace.Built("true"), workspace.RootFs, .. options]);

    /// <summary>A program, started by the C reference: the figures are the program's own.</summary>
    private ServedContender Tool(string name, params ReadOnlySpan<string> command) =>
        new(name, Request(command), workspace.Built("spawn"), "serve");

    private ServedContender Runc(string name, string id, Func<string, string> makeBundle) =>
        Tool(name, "runc", "run", "--bundle", makeBundle(id), $"isolation-{id}");

    private ServedContender Crun(string name, string id, Func<string, string> makeBundle, params ReadOnlySpan<string> options) =>
        new(name, Request(["crun", .. options, "run", "--bundle", makeBundle(id), $"isolation-{id}"]),
            Workspace.Shipped("peers/without-cgroup2"), workspace.Built("spawn"), "serve");

    internal static string Request(params ReadOnlySpan<string> command) =>
        string.Join('\t', [FindProgram(command[0]), .. command[1..]]);

    /// <summary>The reference calls execve, which does not search.</summary>
    /// <param name="names">The first of these that is installed.</param>
    internal static string FindProgram(params string[] names) =>
        names.SelectMany(name => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':').Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new MissingPeerException(string.Join(" or ", names));
}
