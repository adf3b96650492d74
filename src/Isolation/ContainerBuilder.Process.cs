using Isolation.Fs;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>The program and its arguments. A name without a slash is looked for along the container's PATH. Without a command the user's shell runs.</summary>
    /// <exception cref="ArgumentException">No program, or a NUL in an argument.</exception>
    public ContainerBuilder WithCommand(params IEnumerable<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        string[] arguments = [.. command];
        if (arguments.Length == 0)
            throw new ArgumentException("A command names a program at least.", nameof(command));
        CheckCommand(arguments, nameof(command));
        return New(_spec with { Command = [.. arguments] });
    }

    private static void CheckCommand(string[] command, string parameter)
    {
        Checked(command[0], "The program", parameter);
        foreach (string argument in command)
        {
            if (argument is null || argument.Contains('\0', StringComparison.Ordinal))
                throw new ArgumentException($"An argument of the {parameter} is null or holds a NUL character.", parameter);
        }
    }

    /// <summary>An environment variable.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds '=', or one of the two holds a NUL.</exception>
    public ContainerBuilder WithEnvironment(string name, string value)
    {
        Checked(name, "The name of the variable", nameof(name));
        ArgumentNullException.ThrowIfNull(value);
        if (name.Contains('=', StringComparison.Ordinal))
            throw new ArgumentException($"The name of the variable '{name}' holds '='.", nameof(name));
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"The value of {name} holds a NUL character.", nameof(value));
        return New(_spec with { Environment = _spec.Environment.SetItem(name, value) });
    }

    /// <summary>Whether the container sees the caller's environment. It does unless it has a root file system of its own, as secrets often lie there.</summary>
    public ContainerBuilder WithInheritedEnvironment(bool inherit = true) => New(_spec with { InheritEnvironment = inherit });

    /// <summary>The directory that the program starts in, an absolute path in the container. Default: <c>/</c> in a root of its own, else the caller's.</summary>
    public ContainerBuilder WithWorkingDirectory(string path)
        => New(_spec with { WorkingDirectory = Absolute(path, "The working directory", nameof(path)) });

    /// <summary>The user that the program runs as: <c>name</c>, <c>uid</c>, <c>name:group</c> or <c>uid:gid</c>; names are those of the container's root.</summary>
    /// <remarks>With a name, the user's supplementary groups of /etc/group come along; with a number there are none.</remarks>
    public ContainerBuilder WithUser(string user)
    {
        Checked(user, "The user", nameof(user));
        RootUser.Validate(user);
        return New(_spec with { User = user });
    }

    /// <summary>Where standard input comes from.</summary>
    public ContainerBuilder WithStandardInput(StandardStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return New(_spec with { StandardInput = stream });
    }

    /// <summary>Where standard output goes to.</summary>
    public ContainerBuilder WithStandardOutput(StandardStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return New(_spec with { StandardOutput = stream });
    }

    /// <summary>Where standard error goes to.</summary>
    public ContainerBuilder WithStandardError(StandardStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return New(_spec with { StandardError = stream });
    }

    /// <summary>Gives the program a descriptor besides its standard streams. All others are closed.</summary>
    /// <param name="handle">The descriptor; the caller keeps it open until the container has started.</param>
    /// <param name="descriptor">Its number in the program, 3 to 1023.</param>
    public ContainerBuilder WithInheritedHandle(SafeFileHandle handle, int descriptor)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentOutOfRangeException.ThrowIfLessThan(descriptor, 3);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptor, 1023);
        if (_spec.Descriptors.Any(d => d.Target == descriptor))
            throw new ArgumentException($"Descriptor {descriptor} is given already.", nameof(descriptor));
        return New(_spec with { Descriptors = _spec.Descriptors.Add(new InheritedDescriptor(handle, descriptor)) });
    }

    /// <summary>
    /// Leaves the program in the caller's session, so that it can use the caller's terminal with job control and Ctrl+C.
    /// For trusted programs: it could also type into that terminal (ioctl_tty(2), TIOCSTI). A shell without a command has it.
    /// </summary>
    public ContainerBuilder WithTerminal() => New(_spec with { ShareTerminal = true });

    /// <summary>
    /// Lets the container outlive this process, and the disposal of its <see cref="Container"/>. Else it is killed with either
    /// (a program with set-user-id or file capabilities escapes the first, prctl(2), PR_SET_PDEATHSIG).
    /// </summary>
    public ContainerBuilder WithDetached() => New(_spec with { Detached = true });

    /// <summary>How long the set-up may take before the container is killed and the start throws. Default: 30 s.</summary>
    public ContainerBuilder WithStartTimeout(TimeSpan timeout)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return New(_spec with { StartTimeout = timeout });
    }
}
