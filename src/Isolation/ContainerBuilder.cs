namespace Isolation;

/// <summary>
/// Describes a container: a program that starts in namespaces, a root file system and limits of its own. Nothing is asked
/// for that is not named: without any <c>With…</c> it starts the user's shell as it is.
/// </summary>
/// <remarks>
/// Immutable: every <c>With…</c> returns a new builder, so one can be kept as a template and started many times, from many
/// threads. Lists append, single values override. <see cref="Build"/> checks everything and starts nothing.
/// </remarks>
/// <example>
/// <code>
/// int code = new ContainerBuilder().WithNetNs().WithCommand("ip", "link").Run().ExitCode;
/// </code>
/// </example>
public sealed partial class ContainerBuilder
{
    private readonly ContainerSpec _spec;

    /// <summary>A container without any isolation yet.</summary>
    public ContainerBuilder()
        : this(new ContainerSpec())
    {
    }

    private ContainerBuilder(ContainerSpec spec) => _spec = spec;

    /// <summary>Checks the description and makes a template that can be started at once, many times. Starts nothing.</summary>
    /// <exception cref="ArgumentException">Two parts of the description contradict each other; the message says which.</exception>
    public ContainerTemplate Build() => new(_spec);

    /// <summary>The plan, step by step: what each is for, and its system call as strace(1) prints it. It is made from the program that runs.</summary>
    public string Explain() => Build().Explain();

    /// <summary>Starts the container. What cannot be done throws at once, naming the step, and leaves nothing behind.</summary>
    /// <exception cref="Isolation.Syscalls.LinuxException">A step of the set-up failed.</exception>
    public Container Start() => Build().Start();

    /// <summary>Starts the container on a pool thread; see <see cref="Start"/>.</summary>
    /// <param name="cancellationToken">Ends the set-up; it has no effect once the container runs.</param>
    public Task<Container> StartAsync(CancellationToken cancellationToken = default) => Build().StartAsync(cancellationToken);

    /// <summary>Starts the container and waits until it has ended. An exit code other than 0 does not throw.</summary>
    public ContainerExit Run() => Build().Run();

    /// <summary>Starts the container and waits until it has ended. Cancelling kills it.</summary>
    /// <returns>How it ended, with <see cref="ContainerExit.Canceled"/> set when it was cancelled.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the container ran.</exception>
    public Task<ContainerExit> RunAsync(CancellationToken cancellationToken = default) => Build().RunAsync(cancellationToken);

    /// <summary>Runs the container and returns what it wrote, as UTF-8 text.</summary>
    public ContainerOutput RunAndCaptureText() => Build().RunAndCaptureText();

    /// <summary>Runs the container and returns what it wrote, as UTF-8 text. Cancelling kills it.</summary>
    public Task<ContainerOutput> RunAndCaptureTextAsync(CancellationToken cancellationToken = default) => Build().RunAndCaptureTextAsync(cancellationToken);

    private static ContainerBuilder New(ContainerSpec spec) => new(spec);

    private static string Checked(string value, string what, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, parameter);
        return value.Contains('\0', StringComparison.Ordinal) ? throw new ArgumentException($"{what} holds a NUL character.", parameter) : value;
    }

    private static string Absolute(string path, string what, string parameter)
        => Checked(path, what, parameter)[0] == '/' ? path : throw new ArgumentException($"{what} '{path}' is relative; it must begin with '/'.", parameter);
}
