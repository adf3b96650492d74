using System.Collections.Immutable;
using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation;

/// <summary>What a builder has collected. Immutable; <c>with</c> makes the next one.</summary>
internal sealed record ContainerSpec
{
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>What goes before the command. Null: that of the image, if there is one.</summary>
    public ImmutableArray<string>? Entrypoint { get; init; }

    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Null: inherited, unless the container has a root of its own.</summary>
    public bool? InheritEnvironment { get; init; }

    public string? WorkingDirectory { get; init; }

    public string? User { get; init; }

    public bool ShareTerminal { get; init; }

    public bool Detached { get; init; }

    public NamespaceKinds Namespaces { get; init; }

    /// <summary>Null: the default for the caller.</summary>
    public UserNamespaceMaps? Maps { get; init; }

    /// <summary>Existing namespaces to enter.</summary>
    public JoinSpec Join { get; init; } = JoinSpec.None;

    /// <summary>Whether a minimal init is process 1, and the program its child.</summary>
    public bool Init { get; init; }

    /// <summary>What is in a new network namespace besides lo.</summary>
    public NetworkSpec Network { get; init; } = NetworkSpec.None;

    public string? Hostname { get; init; }

    public string? DomainName { get; init; }

    public TimeOffsets TimeOffsets { get; init; } = TimeOffsets.Zero;

    public string? Root { get; init; }

    public RootFsMode RootMode { get; init; }

    /// <summary>With an overlay: more layers, below the root's, the topmost first.</summary>
    public ImmutableArray<string> LayersBelow { get; init; } = [];

    /// <summary>With an overlay: where changes are kept. Null: they are thrown away.</summary>
    public string? KeptChanges { get; init; }

    /// <summary>With an overlay whose changes are thrown away: how many bytes they may take. Null: half of the memory.</summary>
    public long? ChangesLimit { get; init; }

    /// <summary>Where the root, the program and more come from. Null once they have, or for none.</summary>
    public ImageSpec? Image { get; init; }

    /// <summary>Where they came from, as what the manager did.</summary>
    public string? ImageOrigin { get; init; }

    /// <summary>With <see cref="RootFsMode.Copy"/>: the copy that <see cref="Root"/> is, of one start.</summary>
    public RootCopy? Copy { get; init; }

    public string? Chroot { get; init; }

    public DefaultMounts DefaultMounts { get; init; } = DefaultMounts.All;

    /// <summary>Of the host's mounts, in a new mount namespace.</summary>
    public MountPropagation Propagation { get; init; }

    public ImmutableArray<MountSpec> Mounts { get; init; } = [];

    /// <summary>Files of /etc that are made. Null: all for an image, else none.</summary>
    public EtcFiles? EtcFiles { get; init; }

    /// <summary>Priorities and limits.</summary>
    public ProcessSpec Process { get; init; } = ProcessSpec.None;

    /// <summary>The cgroup that it is born in.</summary>
    public CgroupSpec Cgroup { get; init; } = CgroupSpec.None;

    public StandardStream StandardInput { get; init; } = StandardStream.Inherit;

    public StandardStream StandardOutput { get; init; } = StandardStream.Inherit;

    public StandardStream StandardError { get; init; } = StandardStream.Inherit;

    public ImmutableArray<InheritedDescriptor> Descriptors { get; init; } = [];

    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a start may copy the root.</summary>
    public bool MayCopy => RootMode is RootFsMode.Copy or RootFsMode.OverlayOrCopy;

    /// <summary>Whether paths are those of a root of the container's own.</summary>
    public bool HasOwnRoot => Root is not null || Image is not null || Chroot is not null || Join.Kinds.HasFlag(NamespaceKinds.Mount);

    /// <summary>The same without a root file system, for another one.</summary>
    public ContainerSpec WithoutRoot() => this with { Root = null, RootMode = default, LayersBelow = [], KeptChanges = null, Image = null };
}
