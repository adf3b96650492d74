using System.CommandLine;
using Isolation.Syscalls;

namespace Isolation.Samples;

/// <summary>Command lines of programs that run programs: options end at the first word that is none, as in getopt(3) with a leading '+'.</summary>
internal static class ProgramArguments
{
    /// <summary>Puts a <c>--</c> before the program's name, so that its own options are left alone.</summary>
    public static string[] Separate(string[] args, Command command)
    {
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--")
                return args;
            if (args[i] is not ['-', _, ..])
                return [.. args[..i], "--", .. args[i..]];
            Option? option = command.Options.FirstOrDefault(o => o.Name == args[i] || o.Aliases.Contains(args[i]));
            if (option?.Arity.MinimumNumberOfValues > 0)
                i++;
        }

        return args;
    }

    /// <summary>The exit code of env(1) and others for a program that could not be run: 127 when it does not exist, 126 when it cannot be executed, 1 for all before.</summary>
    public static int ExitCode(LinuxException failure) => failure switch
    {
        { Call: "execve" or "execveat", Errno: Errno.ENOENT } => 127,
        { Call: "execve" or "execveat" } => 126,
        _ => 1,
    };
}
