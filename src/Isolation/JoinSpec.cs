using System.Collections.Immutable;
using Isolation.Namespaces;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>Existing namespaces that a container enters: each by a handle, or those of a process. The later description of a kind wins.</summary>
internal sealed record JoinSpec
{
    public static JoinSpec None { get; } = new();

    public ImmutableArray<Namespace> Handles { get; private init; } = [];

    /// <summary>The process whose <see cref="ProcessKinds"/> are entered.</summary>
    public PidFd? Process { get; private init; }

    public NamespaceKinds ProcessKinds { get; private init; }

    /// <summary>The cgroup directory of a running container, which the program is to be in too.</summary>
    public string? Cgroup { get; init; }

    public NamespaceKinds Kinds => Handles.Aggregate(ProcessKinds, static (kinds, handle) => kinds | handle.Kind);

    public JoinSpec With(Namespace handle)
        => this with { Handles = Handles.RemoveAll(h => h.Kind == handle.Kind).Add(handle), ProcessKinds = ProcessKinds & ~handle.Kind };

    public JoinSpec With(PidFd process, NamespaceKinds kinds)
        => this with { Handles = Handles.RemoveAll(h => kinds.HasFlag(h.Kind)), Process = process, ProcessKinds = kinds };
}
