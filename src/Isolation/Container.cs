using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;
using Isolation.Cgroups;
using Isolation.Fs;
using Isolation.Fs.Layers;
using Isolation.Namespaces;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation;

/// <summary>A running container.</summary>
/// <remarks>
/// Disposing kills it and waits for its end, unless it was started with <see cref="ContainerBuilder.WithDetached"/>. With a
/// pid namespace, or a cgroup of its own, all its processes end with it; else only the program itself is killed.
/// </remarks>
public sealed class Container : IDisposable, IAsyncDisposable
{
    private const int SigKill = 9;

    private readonly ChildProcess _child;
    private readonly DescriptorStream?[] _streams;
    private readonly ContainerCgroup? _cgroup;
    private readonly ContainerNetwork? _network;
    private readonly ChangesLock? _changes;
    private volatile bool _canceled;
    private int _disposed;

    internal Container(ChildProcess child, DescriptorStream?[] streams, ContainerSpec spec, ContainerCgroup? cgroup, ContainerNetwork? network, ChangesLock? changes)
    {
        _child = child;
        _streams = streams;
        Spec = spec;
        _cgroup = cgroup;
        _network = network;
        _changes = changes;
        StandardInput = _streams[0] is { } input ? PipeWriter.Create(input) : null;
        StandardOutput = _streams[1] is { } output ? PipeReader.Create(output) : null;
        StandardError = _streams[2] is { } error ? PipeReader.Create(error) : null;
        if (cgroup is { IsMade: false })
            cgroup.Release();

        // pid_namespaces(7): process 1 does not end before all others in its namespace are reaped, and this one is ours to reap.
        bool isOthersToo = (spec.Join.Kinds & NamespaceKinds.Pid) != 0;
        if (network is { HasToEnd: true } || cgroup is { IsMade: true } || spec.Copy is not null || changes is not null || isOthersToo)
            _child.WaitForExitAsync(CancellationToken.None).ContinueWith(_ => EndWithProgram(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>The program's process id, in the caller's pid namespace.</summary>
    public int ProcessId => _child.ProcessId;

    /// <summary>A descriptor of the program's process, which is never reused. Owned by the container.</summary>
    public PidFd PidFd => _child.PidFd;

    /// <summary>What writes to the program's standard input; null unless it is <see cref="StandardStream.Pipe"/>. Complete it to end the input.</summary>
    public PipeWriter? StandardInput { get; }

    /// <summary>What reads the program's standard output; null unless it is <see cref="StandardStream.Pipe"/>.</summary>
    public PipeReader? StandardOutput { get; }

    /// <summary>What reads the program's standard error; null unless it is <see cref="StandardStream.Pipe"/>.</summary>
    public PipeReader? StandardError { get; }

    /// <summary>
    /// The cgroup that the program was born in, with its statistics and events; null without <see cref="ContainerBuilder.WithCgroup()"/>
    /// and the like. Owned by the container: one that was made for it is removed when the program has ended, and what
    /// is asked of it then is an error with ENODEV or ENOENT.
    /// </summary>
    public Cgroup? Cgroup => _cgroup?.Cgroup;

    /// <summary>
    /// How its root file system was made: of <see cref="RootFsMode.OverlayOrCopy"/>, which of both it became. Null without one. A copy is
    /// deleted when the program has ended.
    /// </summary>
    public RootFsMode? RootMode => Spec switch
    {
        { Root: null } => null,
        { RootMode: RootFsMode.OverlayOrCopy } => RootFsMode.Overlay,
        _ => Spec.RootMode,
    };

    /// <summary>What was left out of the copy of its root: for an ordinary user owners, devices and what he cannot read; what is mounted in it. Else empty.</summary>
    public ImmutableArray<LayerOmission> RootOmissions => Spec.Copy?.Omissions ?? [];

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => _child.TryGetExit() is not null;

    /// <summary>Waits until the program has ended.</summary>
    public ContainerExit WaitForExit() => ToExit(_child.WaitForExit());

    /// <summary>Waits until the program has ended. Cancelling stops the waiting; the container lives on.</summary>
    public async Task<ContainerExit> WaitForExitAsync(CancellationToken cancellationToken = default)
        => ToExit(await _child.WaitForExitAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Starts another program inside: in the same namespaces, root directory and cgroup, as the same user and with the same environment.</summary>
    /// <param name="command">The program and its arguments, as <see cref="ContainerBuilder.WithCommand"/> takes them.</param>
    /// <returns>The program, which runs with the caller's standard streams. For others, and for more, see <see cref="ContainerBuilder.WithContainer"/>.</returns>
    /// <remarks>Disposing it kills it, not this container. With a pid namespace it ends with this container.</remarks>
    /// <exception cref="LinuxException">ESRCH: this container has ended; or a step of the start failed.</exception>
    public Container Exec(params IEnumerable<string> command) => new ContainerBuilder().WithContainer(this).WithCommand(command).Start();

    /// <summary>Starts another program inside on a pool thread; see <see cref="Exec"/>.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">Ends the set-up; it has no effect once the program runs.</param>
    public Task<Container> ExecAsync(IEnumerable<string> command, CancellationToken cancellationToken = default)
        => new ContainerBuilder().WithContainer(this).WithCommand(command).StartAsync(cancellationToken);

    /// <summary>Sends a signal to the program; the kernel's own numbers are taken too. As process 1 it gets only those that it handles, SIGKILL and SIGSTOP (pid_namespaces(7)).</summary>
    /// <returns>False when it has ended already.</returns>
    public bool Signal(PosixSignal signal) => SignalNumber(PosixSignals.ToNumber(signal));

    /// <summary>Kills the container (SIGKILL). Does nothing when it has ended already.</summary>
    public void Kill()
    {
        SignalNumber(SigKill);
        _cgroup?.Kill();
    }

    /// <summary>Kills the container unless it is detached, waits for its end, and frees what it held.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        try
        {
            if (EndsHere())
                _child.WaitForExit();
        }
        finally
        {
            Free();
        }
    }

    /// <summary>Kills the container unless it is detached, waits for its end, and frees what it held.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        try
        {
            if (EndsHere())
                await _child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Free();
        }
    }

    /// <summary>What it was started from.</summary>
    internal ContainerSpec Spec { get; }

    internal async Task<ContainerExit> WaitForExitOrKillAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.Register(Cancel);
        return await WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    internal async Task<ContainerOutput> CaptureTextAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.Register(Cancel);
        Task<string> output = ReadToEndAsync(_streams[1]!, cancellationToken), error = ReadToEndAsync(_streams[2]!, cancellationToken);
        return new ContainerOutput(await WaitForExitAsync(CancellationToken.None).ConfigureAwait(false), await output.ConfigureAwait(false), await error.ConfigureAwait(false));
    }

    /// <summary>Both outputs at once, so that neither pipe fills up while the other is read.</summary>
    internal (string Output, string Error) ReadAllText()
    {
        string error = "";
        var reader = new Thread(() => error = ReadToEnd(_streams[2]!), maxStackSize: 256 << 10) { IsBackground = true };
        reader.Start();
        string output = ReadToEnd(_streams[1]!);
        reader.Join();
        return (output, error);
    }

    private static string ReadToEnd(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        return reader.ReadToEnd();
    }

    /// <summary>What there is up to the end, or up to the cancellation: a process that was not killed may keep the pipe open.</summary>
    private static async Task<string> ReadToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        try
        {
            await stream.CopyToAsync(text, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The exit tells that it was cancelled.
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private bool SignalNumber(int signal) => _child.TryGetExit() is null && _child.PidFd.Signal(signal);

    private void Cancel()
    {
        _canceled = !HasExited;
        Kill();
    }

    private ContainerExit ToExit(ProcessExit exit)
    {
        bool oomKilled = EndWithProgram();
        return new(exit, _child.RunTime, _canceled, oomKilled);
    }

    /// <summary>What ends with the program: its cgroup first, since who is left there may be in the network too.</summary>
    private bool EndWithProgram()
    {
        bool oomKilled = _cgroup?.End() ?? false;
        if (!Spec.Detached)
            _network?.End();
        Spec.Copy?.End();
        _changes?.End();
        return oomKilled;
    }

    /// <summary>Kills, unless detached. A detached child is reaped whenever it ends.</summary>
    private bool EndsHere()
    {
        if (!Spec.Detached)
        {
            Kill();
            return true;
        }

        _child.ReapWhenEnded();
        return false;
    }

    private void Free()
    {
        foreach (DescriptorStream? stream in _streams)
            stream?.Dispose();
        if (Spec.Detached)
        {
            _network?.Leave();
            _cgroup?.Close();
            return;
        }

        _child.Dispose();
        _changes?.End();
        LinuxException? ofCgroup = _cgroup?.Close();
        if (_network?.End() is { } failure)
            throw failure;
        if ((ofCgroup ?? Spec.Copy?.End()) is { } other)
            throw other;
    }
}
