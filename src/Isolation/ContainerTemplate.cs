using System.Runtime.InteropServices;
using Isolation.Cgroups;
using Isolation.Fs;
using Isolation.Namespaces;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

/// <summary>A checked description of a container, compiled once and started many times. Made by <see cref="ContainerBuilder.Build"/>; thread-safe.</summary>
/// <remarks>What the compilation reads of the system (resource limits, user ids, the host's top-level directories) is that of the first start.</remarks>
public sealed class ContainerTemplate
{
    private const int Kill = 9;

    private readonly ContainerSpec _spec;
    private readonly Lazy<ContainerPlan> _plan;
    private ContainerPlan? _movingPlan;
    private ContainerSpec? _resolved;
    private bool _copies;

    internal ContainerTemplate(ContainerSpec spec)
    {
        Validate(_spec = spec);
        _plan = new Lazy<ContainerPlan>(() => ContainerPlan.Compile(Resolve()), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <inheritdoc cref="ContainerBuilder.Explain"/>
    public string Explain() => Volatile.Read(ref _copies) ? ContainerPlan.Compile(Resolve() with { RootMode = RootFsMode.Copy }).ToString() : _plan.Value.ToString();

    /// <inheritdoc cref="ContainerBuilder.Start"/>
    public Container Start() => Start(fault: null);

    /// <inheritdoc cref="ContainerBuilder.StartAsync"/>
    public Task<Container> StartAsync(CancellationToken cancellationToken = default)
        => Task.Run(() => Start(null, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ContainerBuilder.Run"/>
    public ContainerExit Run()
    {
        EnsureNobodyWaits();
        using Container container = Start();
        return container.WaitForExit();
    }

    /// <inheritdoc cref="ContainerBuilder.RunAsync"/>
    public async Task<ContainerExit> RunAsync(CancellationToken cancellationToken = default)
    {
        EnsureNobodyWaits();
        await using Container container = await StartAsync(cancellationToken).ConfigureAwait(false);
        return await container.WaitForExitOrKillAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ContainerBuilder.RunAndCaptureText"/>
    public ContainerOutput RunAndCaptureText()
    {
        using Container container = Capturing().Start();
        (string output, string error) = container.ReadAllText();
        return new ContainerOutput(container.WaitForExit(), output, error);
    }

    /// <inheritdoc cref="ContainerBuilder.RunAndCaptureTextAsync"/>
    public async Task<ContainerOutput> RunAndCaptureTextAsync(CancellationToken cancellationToken = default)
    {
        await using Container container = await Capturing().StartAsync(cancellationToken).ConfigureAwait(false);
        return await container.CaptureTextAsync(cancellationToken).ConfigureAwait(false);
    }

    internal ContainerSpec Spec => _spec;

    internal SyscallProgram Program => _plan.Value.Program;

    /// <summary>For tests: starts with a fault at a step.</summary>
    internal Container Start(Fault? fault) => Start(fault, default);

    /// <summary>The description with what its image says. The image is unpacked now, if it was not before.</summary>
    private ContainerSpec Resolve(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _resolved) is { } known)
            return known;
        ContainerSpec resolved = ContainerImage.Resolve(_spec, cancellationToken);
        Volatile.Write(ref _resolved, resolved);
        return resolved;
    }

    private ContainerTemplate Capturing()
        => new(_spec with { StandardOutput = StandardStream.Pipe, StandardError = StandardStream.Pipe });

    private void EnsureNobodyWaits()
    {
        if (_spec.StandardInput.Kind == StreamKind.Pipe || _spec.StandardOutput.Kind == StreamKind.Pipe || _spec.StandardError.Kind == StreamKind.Pipe)
            throw new InvalidOperationException("Nobody would use the pipes of the standard streams while Run waits, and the container would block. Use Start, or RunAndCaptureText.");
    }

    private static void Validate(ContainerSpec spec)
    {
        ValidateJoin(spec);
        if ((spec.Root is not null || spec.Image is not null) && spec.Chroot is not null)
            throw new ArgumentException("A container has a root file system (WithRootFs, WithOverlay, WithImage) or a changed root directory (WithChroot), not both.");
        if (spec.EtcFiles is { } etc && etc.HasFlag(EtcFiles.HostName) && spec.Join.Kinds.HasFlag(NamespaceKinds.Uts))
            throw new ArgumentException("The host name of a joined UTS namespace is not known before the start. Leave EtcFiles.HostName out.");
        if (spec.Detached && (spec.StandardInput.Kind == StreamKind.Pipe || spec.StandardOutput.Kind == StreamKind.Pipe || spec.StandardError.Kind == StreamKind.Pipe))
            throw new ArgumentException("A detached container outlives this process, so its standard streams cannot be pipes to it.");
        if (spec.Detached && spec.Network.LeftBehind is { } duty)
            throw new ArgumentException($"A detached container outlives this process, so nobody would {duty} at its end.");
        if (spec.Process.Scheduling is { Policy: SchedulingPolicy.Deadline } && (spec.Init || spec.Join.Kinds != 0))
            throw new ArgumentException("A process with a deadline makes no others (sched(7)), as WithInit and the joining of namespaces have to.");
        if (spec.Cgroup is { IsMade: true, Existing: not null })
            throw new ArgumentException("A container is born in an existing cgroup (WithCgroupDirectory) or in one of its own (WithCgroup, WithCgroupParent, WithCgroupDevices), not in both.");
        if (spec.Detached && (spec.MayCopy || spec.Image is { Options.Mode: RootFsMode.Copy or RootFsMode.OverlayOrCopy }))
            throw new ArgumentException("A detached container outlives this process, so nobody would delete the copy of its root at its end. Use RootFsMode.Overlay, or copy it yourself.");
        if (spec.Detached && spec.KeptChanges is not null)
            throw new ArgumentException("A detached container outlives this process, so nobody would keep other containers from the directory of its changes.");
        if (spec.ChangesLimit is not null && ((spec.Image?.Options.Mode ?? (spec.Root is null ? null : spec.RootMode)) != RootFsMode.Overlay || spec.KeptChanges is not null))
            throw new ArgumentException("A limit of changes is for a root with RootFsMode.Overlay whose changes are thrown away. For a directory there are quotas (RootDirectory.SetProjectQuota).");
        if (spec.Mounts.Any(m => m is FileSystemMountSpec { Options: ProcOptions or OtherFileSystemOptions { Type: "proc" } }) && (spec.Root is not null || spec.Image is not null) && !spec.Namespaces.HasFlag(NamespaceKinds.Pid))
            throw new ArgumentException("A /proc of the host's processes would lead out of the root (/proc/PID/root). Add WithPidNs().");
        if (spec.Propagation == MountPropagation.Unbindable && spec.Mounts.OfType<BindMountSpec>().FirstOrDefault(b => b.Receives) is { } receiving)
            throw new ArgumentException($"A bind at {receiving.Target} that goes on receiving what the host mounts is none in a container whose mounts are all made unbindable. Leave MountPropagation.Unbindable out, or name it for binds (MountChange.Propagation).");
        if (spec.Detached && spec.Cgroup.IsMade)
            throw new ArgumentException("A detached container outlives this process, so nobody would remove its cgroup at its end. Make one, and use WithCgroupDirectory.");
    }

    private static void ValidateJoin(ContainerSpec spec)
    {
        NamespaceKinds joined = spec.Join.Kinds, both = spec.Namespaces & joined;
        if (both != 0)
            throw new ArgumentException($"The {both} namespace cannot be new and an existing one: a host name, mounts and a root file system of the container's own need new ones.");
        if (joined != 0 && spec.Namespaces.HasFlag(NamespaceKinds.User))
            throw new ArgumentException("Root of a new user namespace has no privilege over existing namespaces (user_namespaces(7)). Join the user namespace that owns them, or none.");
        if ((joined & (NamespaceKinds.User | NamespaceKinds.Time)) != 0 && spec.Namespaces.HasFlag(NamespaceKinds.Pid) && !spec.Init)
            throw new ArgumentException("A new pid namespace in a joined user or time namespace needs an init: add WithInit().");
        if (spec.Join.Handles.Any(h => h.Kind == NamespaceKinds.Mount) && spec.User is { } user && !RootUser.IsNumeric(user))
            throw new ArgumentException($"The names of a joined mount namespace are not known before the start. Give the numbers of '{user}', or join by the process (WithNamespacesOf).");
    }

    private Container Start(Fault? fault, CancellationToken cancellationToken)
    {
        ContainerSpec spec = Resolve(cancellationToken);
        if (spec.RootMode == RootFsMode.Copy || Volatile.Read(ref _copies))
            return StartOnCopy(spec, fault, cancellationToken);
        ContainerPlan plan = Volatile.Read(ref _movingPlan) ?? _plan.Value;
        try
        {
            return Start(spec, plan, fault, cancellationToken);
        }
        catch (LinuxException e) when (plan.WasKilledAtBirth(e))
        {
            plan = ContainerPlan.Compile(spec, movesIntoCgroup: true);
            Volatile.Write(ref _movingPlan, plan);
            return Start(spec, plan, fault, cancellationToken);
        }
        catch (LinuxException e) when (spec.RootMode == RootFsMode.OverlayOrCopy && ContainerPlan.IsOverlayRefusal(e))
        {
            // It will be refused the next time, too.
            Volatile.Write(ref _copies, true);
            return StartOnCopy(spec, fault, cancellationToken);
        }
    }

    /// <summary>Each start has a copy of its own, and so a plan of its own: to compile it costs little beside the copying.</summary>
    private static Container StartOnCopy(ContainerSpec spec, Fault? fault, CancellationToken cancellationToken)
    {
        UserNamespaceMaps? maps = spec.Namespaces.HasFlag(NamespaceKinds.User) ? spec.Maps ?? UserNamespaceMaps.Default : null;
        new RootFs(spec.Root!, RootFsMode.Copy, InUserNamespace: false).Check();
        RootCopy copy = RootCopy.Make(spec.Root!, maps, cancellationToken);
        try
        {
            spec = spec with { Root = copy.Path, RootMode = RootFsMode.Copy, Copy = copy };
            ContainerPlan plan = ContainerPlan.Compile(spec);
            try
            {
                return Start(spec, plan, fault, cancellationToken);
            }
            catch (LinuxException e) when (plan.WasKilledAtBirth(e))
            {
                return Start(spec, ContainerPlan.Compile(spec, movesIntoCgroup: true), fault, cancellationToken);
            }
        }
        catch
        {
            copy.End();
            throw;
        }
    }

    private static Container Start(ContainerSpec spec, ContainerPlan plan, Fault? fault, CancellationToken cancellationToken)
    {
        if (spec.KeptChanges is null)
            return Start(spec, plan, null, fault, cancellationToken);
        ChangesLock changes = ChangesLock.Take(spec.KeptChanges);
        try
        {
            return Start(spec, plan, changes, fault, cancellationToken);
        }
        catch
        {
            changes.End();
            throw;
        }
    }

    private static Container Start(ContainerSpec spec, ContainerPlan plan, ChangesLock? changes, Fault? fault, CancellationToken cancellationToken)
    {
        plan.Network?.EnsureAllowed();
        using var streams = new ContainerStreams(spec);
        using Cgroup? joinedCgroup = spec.Join.Cgroup is null ? null : Cgroup.Open(spec.Join.Cgroup);
        SafeFileHandle[] sources = plan.Sources?.Open() ?? [];
        try
        {
            SafeHandle[] handles = [.. streams.ChildEnds, .. sources, .. plan.Join.Handles, .. joinedCgroup is null ? (ReadOnlySpan<SafeHandle>)[] : [joinedCgroup.Handle]];
            using var held = new HeldHandles(handles);
            Span<long> inputs = stackalloc long[handles.Length];
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = handles[i].DangerousGetHandle();
            StartGates? gates = plan.OpenGates();
            ContainerCgroup? cgroup = plan.Cgroup?.Open();
            ChildProcess child;
            try
            {
                child = ChildProcess.Start(new ChildStartInfo(plan.Program)
                {
                    CloneFlags = plan.Namespaces.ToCloneFlags(),
                    Inputs = inputs,
                    Cgroup = cgroup?.Descriptor ?? -1,
                    Timeout = spec.StartTimeout,
                    AtGate = gates is null ? null : gates.Act,
                    Fault = fault,
                    CancellationToken = cancellationToken,
                });
            }
            catch
            {
                gates?.Network?.Dispose();
                cgroup?.Dispose();
                throw;
            }

            DescriptorStream?[] ownEnds = streams.TakeOwnEnds();
            try
            {
                return new Container(child, ownEnds, spec, cgroup, gates?.Network, changes);
            }
            catch
            {
                // Nobody would have it, such as when there is no descriptor left to wait for its end.
                foreach (DescriptorStream? stream in ownEnds)
                    stream?.Dispose();
                child.PidFd.Signal(Kill);
                child.WaitForExit();
                child.Dispose();
                cgroup?.Dispose();
                gates?.Network?.Dispose();
                throw;
            }
        }
        finally
        {
            foreach (SafeFileHandle source in sources)
                source.Dispose();
        }
    }
}
