using System.Collections;
using System.Collections.Immutable;
using Isolation.Fs;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation;

/// <summary>The program that a container executes, where it may lie, and its environment.</summary>
internal static class ContainerCommand
{
    private const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The last steps: the program, wherever along PATH it is.</summary>
    public static void AddSteps(ContainerSpec spec, RootUser? user, SyscallProgramBuilder program)
    {
        SortedDictionary<string, string> environment = MakeEnvironment(spec, user);
        ImmutableArray<string> command = spec.Command;
        string[] candidates;
        if (command.IsEmpty)
        {
            string shell = Environment.GetEnvironmentVariable("SHELL") is ['/', ..] named ? named : "/bin/sh";
            command = [shell];
            candidates = shell == "/bin/sh" ? [shell] : [shell, "/bin/sh"];
        }
        else
        {
            candidates = Candidates(command[0], environment.GetValueOrDefault("PATH", UsualPath));
        }

        string name = command[0];
        bool searched = !name.Contains('/', StringComparison.Ordinal);
        HandOver.Execute(program, name, candidates, command, [.. environment.Select(v => $"{v.Key}={v.Value}")], errno => errno switch
        {
            Errno.ENOENT when searched => $"It is not in the container's PATH: {environment.GetValueOrDefault("PATH", UsualPath)}",
            Errno.ENOENT => "The program, or the interpreter or loader that it names, does not exist in the container",
            Errno.ENOEXEC => "It is no program for this machine; a script needs a first line such as #!/bin/sh",
            Errno.EACCES => "It is a directory, has no execute permission for this user, or lies on a mount with noexec",
            Errno.E2BIG => "The arguments and the environment are too large: 128 KiB for one string, a quarter of the stack limit in all (execve(2))",
            Errno.ENOMEM => "Not enough memory to execute it; the memory.max of the cgroup may be too small",
            _ => null,
        });
    }

    // execvp(3).
    private static string[] Candidates(string program, string path)
        => program.Contains('/', StringComparison.Ordinal)
            ? [program]
            : [.. path.Split(':').Select(d => $"{(d.Length == 0 ? "." : d.TrimEnd('/'))}/{program}")];

    private static SortedDictionary<string, string> MakeEnvironment(ContainerSpec spec, RootUser? user)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (spec.InheritEnvironment ?? !spec.HasOwnRoot)
        {
            foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
                environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }
        else
        {
            environment["PATH"] = UsualPath;
            environment["HOME"] = user?.Home is ['/', ..] home ? home : user is null or { User: 0 } ? "/root" : "/";
            if (Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } terminal)
                environment["TERM"] = terminal;
        }

        foreach ((string name, string value) in spec.Environment)
            environment[name] = value;
        return environment;
    }
}
