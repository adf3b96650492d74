// chroot(1) in a page: runs a program with another root directory, and with --userns as an ordinary user, too. As there, without
// a program it is the user's shell. Other than there, the program is a child; --groups and --skip-chdir are not taken.
using System.CommandLine;
using Isolation;
using Isolation.Namespaces;
using Isolation.Samples;
using Isolation.Syscalls;

// What chroot(1) ends with when it fails itself.
const int OwnFailure = 125;

Option<string> user = new("--userspec") { Description = "Become this user, and group: name, uid, name:group or uid:gid; names are those of the new root" };
Option<bool> userNs = new("--userns") { Description = "In a user namespace, where the caller is root: needs no privilege" };
Option<bool> explain = new("--explain") { Description = "Show what would be done" };
Argument<string> root = new("newroot") { Description = "The new root directory" };
Argument<string[]> program = new("program") { Description = "What to run, with its arguments", Arity = ArgumentArity.ZeroOrMore };
RootCommand command = new("Runs a program with another root directory. A convenience for programs that are trusted: root in it can leave (chroot(2)).")
{
    user, userNs, explain, root, program,
};
command.SetAction(given =>
{
    string[] words = given.GetValue(program) is [_, ..] named ? named : [Environment.GetEnvironmentVariable("SHELL") ?? "/bin/sh", "-i"];
    try
    {
        ContainerBuilder container = new ContainerBuilder().WithChroot(Path.GetFullPath(given.GetValue(root)!)).WithInheritedEnvironment().WithTerminal().WithCommand(words);
        if (given.GetValue(userNs))
            container = container.WithUserNs(UserNamespaceMaps.Caller);
        if (given.GetValue(user) is { } name)
            container = container.WithUser(name);
        if (!given.GetValue(explain))
            return container.Run().ExitCode;
        Console.Write(container.Explain());
        return 0;
    }
    catch (Exception e) when (e is LinuxException or ArgumentException)
    {
        Console.Error.WriteLine($"chroot: {e.Message}");
        return e is LinuxException failure && ProgramArguments.ExitCode(failure) is var code and not 1 ? code : OwnFailure;
    }
});
return command.Parse(ProgramArguments.Separate(args, command)).Invoke();
