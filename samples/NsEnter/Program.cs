// nsenter(1) in a page: runs a program in namespaces of a process, or in those that files keep. As there, without a program it is
// the user's shell. The program is always a child, so that -F changes nothing.
using System.CommandLine;
using Isolation;
using Isolation.Namespaces;
using Isolation.Samples;
using Isolation.Syscalls;

Option<int?> target = new("--target", "-t") { Description = "The process whose namespaces are meant" };
Option<bool> all = new("--all", "-a") { Description = "All its namespaces" };
(Option<string> Option, NamespaceKinds Kind)[] kinds =
[
    Of("--mount", "-m", NamespaceKinds.Mount), Of("--uts", "-u", NamespaceKinds.Uts), Of("--ipc", "-i", NamespaceKinds.Ipc), Of("--net", "-n", NamespaceKinds.Network),
    Of("--pid", "-p", NamespaceKinds.Pid), Of("--cgroup", "-C", NamespaceKinds.Cgroup), Of("--user", "-U", NamespaceKinds.User), Of("--time", "-T", NamespaceKinds.Time),
];
Option<uint?> userId = new("--setuid", "-S") { Description = "Become this user" };
Option<uint?> groupId = new("--setgid", "-G") { Description = "Become this group" };
Option<string> directory = new("--wdns", "-W") { Description = "Change the working directory, in the namespace" };
Option<bool> noFork = new("--no-fork", "-F") { Description = "Taken for compatibility" };
Option<bool> explain = new("--explain") { Description = "Show what would be done" };
Argument<string[]> program = new("program") { Description = "What to run, with its arguments", Arity = ArgumentArity.ZeroOrMore };
RootCommand command = new("Runs a program in namespaces of other processes.") { target, all, userId, groupId, directory, noFork, explain, program };
foreach ((Option<string> option, _) in kinds)
    command.Options.Add(option);
command.SetAction(given =>
{
    var opened = new List<IDisposable>();
    try
    {
        ContainerBuilder container = new ContainerBuilder().WithTerminal().WithInheritedEnvironment();
        NamespaceKinds ofTarget = given.GetValue(all) ? NamespaceKinds.All : NamespaceKinds.None;
        foreach ((Option<string> option, NamespaceKinds kind) in kinds)
        {
            if (given.GetResult(option) is not null && given.GetValue(option) is null)
                ofTarget |= kind;
        }

        if (ofTarget != NamespaceKinds.None)
        {
            var process = PidFd.Open(given.GetValue(target) ?? throw new ArgumentException("Name a process with --target, or a file with --net=FILE."));
            opened.Add(process);
            container = container.WithNamespacesOf(process, ofTarget);
        }

        foreach ((Option<string> option, NamespaceKinds kind) in kinds)
        {
            if (given.GetValue(option) is { } file)
            {
                var space = Namespace.Open(file, kind);
                opened.Add(space);
                container = Join(container, space);
            }
        }

        if (given.GetValue(userId) is not null || given.GetValue(groupId) is not null)
            container = container.WithUser($"{given.GetValue(userId) ?? 0}:{given.GetValue(groupId) ?? 0}");
        if (given.GetValue(directory) is { } inside)
            container = container.WithWorkingDirectory(inside);
        if (given.GetValue(program) is [_, ..] words)
            container = container.WithCommand(words);
        if (!given.GetValue(explain))
            return container.Run().ExitCode;
        Console.Write(container.Explain());
        return 0;
    }
    catch (Exception e) when (e is LinuxException or ArgumentException)
    {
        Console.Error.WriteLine($"nsenter: {e.Message}");
        return e is LinuxException failure ? ProgramArguments.ExitCode(failure) : 1;
    }
    finally
    {
        opened.ForEach(o => o.Dispose());
    }
});
return command.Parse(ProgramArguments.Separate(args, command)).Invoke();

// Without a value the target's, with one that of a file: --net=/run/netns/web.
static (Option<string>, NamespaceKinds) Of(string name, string letter, NamespaceKinds kind)
    => (new Option<string>(name, letter) { Description = $"The {kind} namespace, of the target or =FILE", Arity = ArgumentArity.ZeroOrOne }, kind);

static ContainerBuilder Join(ContainerBuilder container, Namespace space) => space switch
{
    MountNamespace mount => container.WithMountNs(mount),
    UtsNamespace uts => container.WithUtsNs(uts),
    IpcNamespace ipc => container.WithIpcNs(ipc),
    NetworkNamespace net => container.WithNetNs(net),
    PidNamespace pid => container.WithPidNs(pid),
    CgroupNamespace cgroup => container.WithCgroupNs(cgroup),
    UserNamespace user => container.WithUserNs(user),
    TimeNamespace time => container.WithTimeNs(time),
    _ => throw new ArgumentException($"{space} cannot be entered."),
};
