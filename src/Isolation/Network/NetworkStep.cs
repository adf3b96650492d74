using Isolation.Netlink;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>One thing that the manager does for a container's network.</summary>
/// <param name="Operation">What it is, as a verb phrase.</param>
/// <param name="Target">What it is done to.</param>
/// <param name="Command">The command that would do the same, for listings.</param>
internal abstract record NetworkStep(string Operation, string Target, string Command)
{
    /// <summary>Whether it is done in the container's namespace only, which needs no privilege on the host.</summary>
    public bool IsInside { get; init; }

    /// <summary>Helps with an errno, where the cause is known.</summary>
    public Func<Errno, string?> Hint { get; init; } = static _ => null;

    /// <summary>What there is to undo once it is done, if there is anything.</summary>
    public Action<ContainerNetwork>? Undo { get; init; }
}

/// <summary>A request to the kernel. Those of one side that follow each other are sent together.</summary>
/// <param name="Operation">What it is, as a verb phrase.</param>
/// <param name="Target">What it is done to.</param>
/// <param name="Command">The command that would do the same, for listings.</param>
/// <param name="Add">Adds one request.</param>
internal sealed record NetworkRequest(string Operation, string Target, string Command, Action<RouteBatch, ContainerNetwork> Add) : NetworkStep(Operation, Target, Command);

/// <summary>Something that takes more than a request.</summary>
/// <param name="Operation">What it is, as a verb phrase.</param>
/// <param name="Target">What it is done to.</param>
/// <param name="Command">The command that would do the same, for listings.</param>
/// <param name="Run">Does it, or throws.</param>
internal sealed record NetworkAction(string Operation, string Target, string Command, Action<ContainerNetwork> Run) : NetworkStep(Operation, Target, Command);
