// unshare(1) in a page: runs a program in new namespaces. As there, without a program it is the user's shell. Other than there,
// a user namespace maps something (-r, -c or --map-auto), and the program is always a child, so that -f changes nothing.
using System.CommandLine;
using Isolation;
using Isolation.Fs;
using Isolation.Namespaces;
using Isolation.Samples;
using Isolation.Syscalls;

Option<bool> mount = new("--mount", "-m") { Description = "New mount namespace" };
Option<bool> uts = new("--uts", "-u") { Description = "New UTS namespace" };
Option<bool> ipc = new("--ipc", "-i") { Description = "New IPC namespace" };
Option<bool> net = new("--net", "-n") { Description = "New network namespace; lo is up in it" };
Option<bool> pid = new("--pid", "-p") { Description = "New pid namespace" };
Option<bool> user = new("--user", "-U") { Description = "New user namespace" };
Option<bool> cgroup = new("--cgroup", "-C") { Description = "New cgroup namespace" };
Option<bool> time = new("--time", "-T") { Description = "New time namespace" };
Option<bool> fork = new("--fork", "-f") { Description = "Taken for compatibility" };
Option<bool> mapRoot = new("--map-root-user", "-r") { Description = "The caller is root inside (implies --user)" };
Option<bool> mapCurrent = new("--map-current-user", "-c") { Description = "The caller is the same user inside (implies --user)" };
Option<bool> mapAuto = new("--map-auto") { Description = "The caller's ids of /etc/subuid and /etc/subgid as well (implies --user)" };
Option<bool> mountProc = new("--mount-proc") { Description = "A /proc of the new pid namespace (implies --mount)" };
Option<string> root = new("--root", "-R") { Description = "Change the root directory" };
Option<string> directory = new("--wd", "-w") { Description = "Change the working directory" };
Option<uint?> userId = new("--setuid", "-S") { Description = "Become this user" };
Option<uint?> groupId = new("--setgid", "-G") { Description = "Become this group" };
Option<long> monotonic = new("--monotonic") { Description = "Seconds that the monotonic clock is ahead (implies --time)" };
Option<long> bootTime = new("--boottime") { Description = "Seconds that the boot-time clock is ahead (implies --time)" };
Option<bool> explain = new("--explain") { Description = "Show what would be done" };
Argument<string[]> program = new("program") { Description = "What to run, with its arguments", Arity = ArgumentArity.ZeroOrMore };
RootCommand command = new("Runs a program in new namespaces.")
{
    mount, uts, ipc, net, pid, user, cgroup, time, fork, mapRoot, mapCurrent, mapAuto, mountProc, root, directory, userId, groupId, monotonic, bootTime, explain, program,
};
command.SetAction(given =>
{
    // Own mounts only where they were asked for: a pid namespace by itself leaves /proc alone.
    var container = new ContainerBuilder().WithTerminal().WithDefaultMounts(given.GetValue(mountProc) ? DefaultMounts.Proc : DefaultMounts.None);
    if (given.GetValue(mount) || given.GetValue(mountProc))
        container = container.WithMountNs();
    if (given.GetValue(uts))
        container = container.WithUtsNs();
    if (given.GetValue(ipc))
        container = container.WithIpcNs();
    if (given.GetValue(net))
        container = container.WithNetNs();
    if (given.GetValue(pid))
        container = container.WithPidNs();
    if (given.GetValue(cgroup))
        container = container.WithCgroupNs();
    if (given.GetValue(time) || given.GetValue(monotonic) != 0 || given.GetValue(bootTime) != 0)
        container = container.WithTimeNs(TimeSpan.FromSeconds(given.GetValue(monotonic)), TimeSpan.FromSeconds(given.GetValue(bootTime)));
    if (given.GetValue(mapAuto))
        container = container.WithUserNs(UserNamespaceMaps.Subordinate);
    else if (given.GetValue(mapCurrent))
        container = container.WithUserNs(UserNamespaceMaps.SameIds);
    else if (given.GetValue(mapRoot) || given.GetValue(user))
        container = container.WithUserNs(UserNamespaceMaps.Caller);
    if (given.GetValue(root) is { } newRoot)
        container = container.WithChroot(Path.GetFullPath(newRoot)).WithInheritedEnvironment();
    if (given.GetValue(directory) is { } newDirectory)
        container = container.WithWorkingDirectory(Path.GetFullPath(newDirectory));
    if (given.GetValue(userId) is not null || given.GetValue(groupId) is not null)
        container = container.WithUser($"{given.GetValue(userId) ?? 0}:{given.GetValue(groupId) ?? 0}");
    if (given.GetValue(program) is [_, ..] words)
        container = container.WithCommand(words);
    try
    {
        if (!given.GetValue(explain))
            return container.Run().ExitCode;
        Console.Write(container.Explain());
        return 0;
    }
    catch (LinuxException e)
    {
        Console.Error.WriteLine($"unshare: {e.Message}");
        return ProgramArguments.ExitCode(e);
    }
});
return command.Parse(ProgramArguments.Separate(args, command)).Invoke();
