using System.Collections.Immutable;
using System.Text;
using Isolation.Fs;
using Isolation.Namespaces;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation;

/// <summary>
/// A description, compiled: the namespaces to clone into and the program that the child runs. <see cref="Compile"/> is the
/// whole set-up of a container, from top to bottom in the order in which the kernel needs it.
/// </summary>
internal sealed class ContainerPlan
{
    private ContainerPlan(SyscallProgram program, NamespaceKinds namespaces, CgroupPlan? cgroup, UserNamespaceMaps? maps, IdMappedSources? sources, JoinPlan join, NetworkPlan? network)
    {
        Program = program;
        Namespaces = namespaces;
        Cgroup = cgroup;
        Maps = maps;
        Sources = sources;
        Join = join;
        Network = network;
    }

    public SyscallProgram Program { get; }

    public NamespaceKinds Namespaces { get; }

    /// <summary>The cgroup that each start is born in; null for the manager's own.</summary>
    public CgroupPlan? Cgroup { get; }

    /// <summary>What the manager does, or did, before each start to have the root.</summary>
    public ImmutableArray<string> RootOrigins { get; private init; } = [];

    /// <summary>The ids that the manager writes at the gate.</summary>
    public UserNamespaceMaps? Maps { get; }

    /// <summary>Mounts that the manager makes for each start, with ids mapped.</summary>
    public IdMappedSources? Sources { get; }

    /// <summary>What is joined; each start hands in its descriptors.</summary>
    public JoinPlan Join { get; }

    /// <summary>What the manager makes of the network at its gate; null for nothing.</summary>
    public NetworkPlan? Network { get; }

    /// <param name="spec">The description.</param>
    /// <param name="movesIntoCgroup">Whether what joins a container's cgroup moves there, instead of being born there.</param>
    public static ContainerPlan Compile(ContainerSpec spec, bool movesIntoCgroup = false)
    {
        spec = EtcFileMounts.AddTo(spec);
        NamespaceKinds kinds = spec.Namespaces;
        bool userNs = kinds.HasFlag(NamespaceKinds.User), mountNs = kinds.HasFlag(NamespaceKinds.Mount);
        UserNamespaceMaps? maps = userNs ? spec.Maps ?? UserNamespaceMaps.Default : null;
        BindMountSpec[] binds = [.. spec.Mounts.OfType<BindMountSpec>()];
        RootFs? root = spec.Root is null ? null : new RootFs(spec.Root, spec.RootMode == RootFsMode.OverlayOrCopy ? RootFsMode.Overlay : spec.RootMode, userNs)
        {
            HostEntries = spec.Root == "/" ? HostEntry.Read() : [],
            NoDevices = spec.ImageOrigin is not null,
            Below = [.. spec.LayersBelow.Select(l => new RootLayer(l))],
            Changes = spec.KeptChanges is null ? null : new RootLayer(spec.KeptChanges),
            ChangesLimit = spec.ChangesLimit,
        };
        root?.Check();
        RootUser? user = ResolveUser(spec);
        var join = new JoinPlan(spec);

        // What each start supplies.
        var program = new SyscallProgramBuilder();
        List<(StepValue Source, int Target)> descriptors = [];
        AddStream(spec.StandardInput, 0, "stdin");
        AddStream(spec.StandardOutput, 1, "stdout");
        AddStream(spec.StandardError, 2, "stderr");
        foreach (InheritedDescriptor descriptor in spec.Descriptors)
            descriptors.Add((program.Input($"fd{descriptor.Target}"), descriptor.Target));
        MountsInRoot mounts = new(program)
        {
            CreateMountPoints = root is not null,
            KeepsCurrentDirectory = root is null && spec.Chroot is null && spec.WorkingDirectory is null,
            InUserNamespace = userNs,
            HasTtyGroup = maps is null || maps.Groups.Any(g => g.Inside <= 5 && 5 - g.Inside < g.Count),
            HasOwnQueues = root is not null && kinds.HasFlag(NamespaceKinds.Ipc) && FileSystemTypes.Has("mqueue") && !spec.Mounts.Any(m => m.Covers("/dev/mqueue")),
            Terminal = root is null ? null : spec.StandardInput.Terminal,
        };
        IdMappedSources? sources = IdMappedSources.TryCreate(root, maps, binds);
        root = sources?.DeclareInputs(program, root, mounts) ?? root;
        StepValue[] joined = join.Declare(program);
        StepValue? cgroup = spec.Join.Cgroup is null ? null : program.Input("cgroup");
        RunnerInputs? runner = join.NeedsFreshMemory || spec.Init ? program.RunnerInputs() : null;

        // The manager is protected from the child first.
        HandOver.Begin(program, spec.Detached);
        if (spec.HasOwnRoot)
            program.Call(SyscallNumber.Umask, new StepNote("make files with exactly the permissions that are named"), 0);

        // Priorities and limits that need a privilege, before it is given up.
        ProcessPlan? process = spec.Process == ProcessSpec.None ? null : new ProcessPlan(spec.Process);
        process?.AddFirst(program);

        // Ids, as long as /proc is the host's and the child is who it was.
        if (maps is not null)
            program.MapIds(maps);
        if (kinds.HasFlag(NamespaceKinds.Time) && spec.TimeOffsets != TimeOffsets.Zero)
            program.SetTimeOffsets(spec.TimeOffsets);

        // The network too: once its ids are others, an ordinary manager may not look into the child any more (ptrace(2)).
        NetworkPlan? network = NetworkPlan.Compile(spec.Network);
        if (kinds.HasFlag(NamespaceKinds.Network))
            program.BringLoopbackUp();
        network?.AddSteps(program);

        // mount_namespaces(7): first of all, nothing that is mounted here may reach the host. Then open what the caller may open.
        if (mountNs)
            mounts.CutOff(spec.Propagation, binds);
        if (root is not null)
            root = program.OpenSources(root);
        foreach (BindMountSpec bind in binds)
            mounts.OpenSource(bind);
        foreach (FileSystemMountSpec mount in spec.Mounts.OfType<FileSystemMountSpec>())
            mounts.OpenLayers(mount);
        foreach ((StreamKind kind, int target) in new[] { (spec.StandardInput.Kind, 0), (spec.StandardOutput.Kind, 1), (spec.StandardError.Kind, 2) })
        {
            if (kind == StreamKind.Null)
                descriptors.Add((OpenNull(program), target));
        }

        // From here on as root of the user namespace: what is made now belongs to it.
        if (maps is not null)
            program.BecomeRoot(maps, spec.Detached);
        if (spec.Hostname is not null)
            program.SetHostName(spec.Hostname);
        if (spec.DomainName is not null)
            program.SetDomainName(spec.DomainName);

        // New file systems while the host's are still visible: the kernel allows a new /proc only where a whole one is seen.
        if (mountNs)
            PrepareMounts(spec, kinds, mounts);
        if (root is not null)
            program.PivotInto(program.MakeRoot(root), root);

        // Mounts are of the tree that the program will see.
        bool mountsInChroot = spec.Chroot is not null && mountNs && (spec.Mounts.Length > 0 || HasNewProc(spec));
        if (mountsInChroot)
        {
            AttachInChroot(spec, mounts, program);
        }
        else
        {
            mounts.AttachAll();
            if (mountNs)
                mounts.FinishPropagation(spec.Propagation);
        }

        // What joins where others could see it goes on in a fresh address space. From here on, "rest" is where the steps go.
        SyscallProgramBuilder rest = program;
        if (join.NeedsFreshMemory)
            rest = ContinueInRunner();
        if (cgroup is { } directory && movesIntoCgroup)
        {
            rest.MoveIntoCgroup(directory, spec.Join.Cgroup!);
        }
        else if (cgroup is not null)
        {
            rest.ForkIntoCgroup(RunnerLayout.FirstInput + descriptors.Count + joined.Length, spec.Join.Cgroup!);
            if (!spec.Detached)
                HandOver.DieWithManager(rest);
        }

        join.AddSteps(rest, joined, spec.Detached);
        if (spec.Chroot is not null && !mountsInChroot)
            rest.ChangeRoot(spec.Chroot);
        if (spec.HasOwnRoot)
            rest.Call(SyscallNumber.Umask, new StepNote("set the usual umask"), Argument.Constant(0x12, "022"));

        // What is left of the manager goes: keys, capabilities, user, descriptors, session.
        HandOver.LeaveKeyring(rest);
        if (!userNs && !join.Kinds.HasFlag(NamespaceKinds.User))
            HandOver.DropInheritableCapabilities(rest);
        if (spec.Init)
        {
            if (!rest.IsForRunner)
                rest = ContinueInRunner();
            rest.ForkAndStay();
        }

        if (user is not null)
        {
            rest.SetIdentity(user.User, user.Group, [.. user.Groups]);
            if (!spec.Detached && !spec.Init)
                HandOver.DieWithManager(rest);
        }

        if (rest.IsForRunner)
            rest.SetDescriptorsAndChannel([.. descriptors.OrderBy(d => d.Target)]);
        else
            HandOver.SetDescriptors(rest, [.. descriptors.OrderBy(d => d.Target)]);

        // After the descriptors are closed, so that none of them leads out (/proc/self/fd/N as a working directory).
        if (spec.WorkingDirectory is not null)
            rest.Call(SyscallNumber.Chdir, new StepNote("change the working directory to", spec.WorkingDirectory), rest.Text(spec.WorkingDirectory));
        if (process is not null)
            process.AddLast(rest);
        else
            HandOver.RestoreLimits(rest);
        if (join.NeedsFreshMemory && !spec.Init)
            ForkIntoJoined(rest, join, spec.Detached);
        if (!spec.ShareTerminal && !spec.Command.IsEmpty)
            HandOver.BeginSession(rest);
        if (!rest.IsForRunner)
            HandOver.StopIgnoringSignals(rest);
        HandOver.UnblockSignals(rest);
        ContainerCommand.AddSteps(spec, user, rest);
        return new ContainerPlan(rest.IsForRunner ? program.Build(rest.Build()) : program.Build(), kinds, CgroupPlan.Compile(spec.Cgroup), maps, sources, join, network) { RootOrigins = [.. OriginsOf(spec)] };

        SyscallProgramBuilder ContinueInRunner()
        {
            var runnerProgram = SyscallProgramBuilder.ForRunner(isProcessOne: kinds.HasFlag(NamespaceKinds.Pid));
            StepValue[] passed = [.. descriptors.Select(d => d.Source), .. joined, .. cgroup is { } value ? (ReadOnlySpan<StepValue>)[value] : []];
            program.ExecuteRunner(runner!.Value, passed);
            descriptors = [.. descriptors.Select(d => (runnerProgram.Input(d.Source.Name), d.Target))];
            joined = [.. joined.Select(j => runnerProgram.Input(j.Name))];
            if (cgroup is not null)
                cgroup = runnerProgram.Input("cgroup");

            // An init is reached by whoever is inside, who finds there what the program was given, and no more.
            if (!spec.Init)
                runnerProgram.CloseMemoryToOthers();
            return runnerProgram;
        }

        void AddStream(StandardStream stream, int target, string name)
        {
            if (stream.Kind is StreamKind.Pipe or StreamKind.Handle)
                descriptors.Add((program.Input(name), target));
        }
    }

    /// <summary>What is done at the gates of one start; null when there are none.</summary>
    public StartGates? OpenGates() => Maps is null && Network is null ? null : new StartGates(this);

    /// <summary>
    /// Whether a start failed since the kernel kills what is born in a cgroup where cgroup.kill was once written (as Linux
    /// 6.12 to 6.18 do): what moves there is not.
    /// </summary>
    public bool WasKilledAtBirth(LinuxException failure)
        => failure is { Errno: Errno.ECHILD, Step: { } step } && Program.AllSteps.ElementAt(step).Call == SyscallNumber.Clone3;

    /// <summary>The plan in words and calls.</summary>
    public override string ToString()
    {
        string flags = string.Join('|', ["CLONE_VM", "CLONE_VFORK", "CLONE_PIDFD", "CLONE_PARENT_SETTID", "CLONE_CHILD_CLEARTID", "CLONE_CLEAR_SIGHAND", .. JoinSteps.FlagNames(Namespaces), .. Cgroup is null ? (string[])[] : ["CLONE_INTO_CGROUP"]]);
        string cgroup = Cgroup is null ? "" : $", cgroup={Cgroup.Shown}";
        var before = new StringBuilder();
        foreach (string origin in RootOrigins)
            before.Append("# the manager: ").Append(origin).Append('\n');
        Cgroup?.Show(before);
        return $"{before}# clone a child that shares this process's memory until it executes its program\nclone3({{flags={flags}, exit_signal=0{cgroup}}}, 88)\n{Program}";
    }

    /// <summary>Whether a start failed since the kernel has no overlayfs, or none for this directory or this user.</summary>
    public static bool IsOverlayRefusal(LinuxException failure)
        => failure is { Step: not null, Operation: RootSteps.OverlayStep, Errno: Errno.EPERM or Errno.EINVAL or Errno.ENODEV or Errno.ENOSYS };

    private static IEnumerable<string> OriginsOf(ContainerSpec spec)
    {
        if (spec.ImageOrigin is not null)
            yield return spec.ImageOrigin;
        if (spec.KeptChanges is not null)
            yield return $"keep other containers from {spec.KeptChanges} until this one has ended";
        if (spec is { RootMode: RootFsMode.Copy, Copy: null })
            yield return $"copy {spec.Root} to a new folder in {Path.GetTempPath()} for each start; the copy is what {spec.Root} stands for below";
        if (spec.RootMode == RootFsMode.OverlayOrCopy)
            yield return $"where the kernel refuses the overlay below, start again with a copy of {spec.Root} in {Path.GetTempPath()}, as RootFsMode.Copy does";
    }

    private static void PrepareMounts(ContainerSpec spec, NamespaceKinds kinds, MountsInRoot mounts)
    {
        bool own = spec.Root is not null;
        if (HasNewProc(spec))
            mounts.NewProc();
        if (own && IsWanted(spec, DefaultMounts.Sys, "/sys"))
        {
            if (kinds.HasFlag(NamespaceKinds.Network))
                mounts.NewSys();
            else
                mounts.HostTree("/sys", Fs.MountAttributes.ReadOnly);
        }

        if (own && IsWanted(spec, DefaultMounts.Dev, "/dev"))
            mounts.Dev();
        mounts.MakeFiles([.. spec.Mounts.OfType<FileMountSpec>()], readOnly: own && spec.RootMode == RootFsMode.ReadOnly);
        foreach (MountSpec mount in spec.Mounts)
        {
            if (mount is BindMountSpec bind)
                mounts.Bind(bind);
            else if (mount is FileSystemMountSpec made)
                mounts.New(made);
            else if (mount is MaskedPathSpec mask)
                mounts.Mask(mask);
            else if (mount is ReadOnlyPathSpec readOnly)
                mounts.MakeReadOnly(readOnly);
            else if (mount is FileMountSpec file)
                mounts.File(file);
        }
    }

    // The host's /proc would lead out of the root (/proc/PID/root), so without a pid namespace there is none.
    private static bool HasNewProc(ContainerSpec spec) => spec.Namespaces.HasFlag(NamespaceKinds.Pid) && IsWanted(spec, DefaultMounts.Proc, "/proc");

    // What the caller mounts in the place of a default one is instead of it.
    private static bool IsWanted(ContainerSpec spec, DefaultMounts mount, string place) => spec.DefaultMounts.HasFlag(mount) && !spec.Mounts.Any(m => m.Covers(place));

    /// <summary>Changes the root directory and attaches the mounts there.</summary>
    private static void AttachInChroot(ContainerSpec spec, MountsInRoot mounts, SyscallProgramBuilder program)
    {
        bool goesBack = spec.Propagation is MountPropagation.Shared or MountPropagation.Unbindable;
        StepValue? old = goesBack ? OpenRoot("oldroot") : null;
        program.ChangeRoot(spec.Chroot!);
        mounts.AttachAll();

        // mount_setattr(2) takes the root of a mount: the old "/", from which all mounts are below. The new one is opened, as its
        // path could be another directory's by then.
        StepValue? changed = goesBack ? OpenRoot("newroot") : null;
        if (old is { } back)
            GoTo(back, "the old root directory");
        mounts.FinishPropagation(spec.Propagation);
        if (changed is { } again)
            GoTo(again, spec.Chroot!);

        StepValue OpenRoot(string name) => program.Call(
            SyscallNumber.OpenAt,
            new StepNote("open", "the root directory") { Result = name },
            Argument.Constant(-100, "AT_FDCWD"),
            program.Text("/"),
            Argument.Constant(0x280000, "O_PATH|O_CLOEXEC"));

        void GoTo(StepValue directory, string name)
        {
            var note = new StepNote("change the root directory to", name);
            program.Call(SyscallNumber.Fchdir, note, directory);
            program.Call(SyscallNumber.Chroot, note, program.Text("."));
        }
    }

    /// <summary>
    /// The program's process, born in the joined pid namespace with nothing left to take: all privileges are given up and
    /// all descriptors closed. Those inside can see it, so it only begins its session and executes the program.
    /// </summary>
    private static void ForkIntoJoined(SyscallProgramBuilder program, JoinPlan join, bool detached)
    {
        // proc_sys_fs(5): where suid_dumpable is 1, the changes of user have opened it again.
        program.CloseMemoryToOthers();
        program.ForkInto(join.Kinds.HasFlag(NamespaceKinds.Pid) ? "the joined pid namespace" : "the joined namespaces");
        if (!detached)
            HandOver.ArmParentDeath(program);
        program.Gate(RunnerSteps.TakeOverGate);
    }

    /// <summary>The ids of the user; names are those of the root that the program will see.</summary>
    private static RootUser? ResolveUser(ContainerSpec spec)
    {
        if (spec.User is null)
            return null;
        if (!spec.Join.Kinds.HasFlag(NamespaceKinds.Mount))
            return FindUser(spec.Root ?? spec.Chroot ?? "/", spec.User);
        if (spec.Join.ProcessKinds.HasFlag(NamespaceKinds.Mount) && spec.Join.Process!.ProcessId is { } id)
            return FindUser($"/proc/{id}/root", spec.User);
        return RootUser.Numeric(spec.User);
    }

    private static RootUser FindUser(string path, string text)
    {
        using RootDirectory root = RootDirectory.Open(path);
        return RootUser.Find(root, text);
    }

    private static StepValue OpenNull(SyscallProgramBuilder program)
        => program.Call(
            SyscallNumber.OpenAt,
            new StepNote("open", "/dev/null") { Result = "null" },
            Argument.Constant(-100, "AT_FDCWD"),
            program.Text("/dev/null"),
            Argument.Constant(0x80002, "O_RDWR|O_CLOEXEC"));
}
