using System.Runtime.InteropServices;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>How a container ended.</summary>
public sealed record ContainerExit
{
    internal ContainerExit(ProcessExit exit, TimeSpan runTime, bool canceled, bool oomKilled)
    {
        ExitCode = exit.Status ?? (exit.Signal == 0 ? -1 : 128 + exit.Signal);
        Signal = exit.Signal == 0 ? null : PosixSignals.FromNumber(exit.Signal);
        IsKnown = exit.IsKnown;
        ResourceUsage = exit.ResourceUsage;
        RunTime = runTime;
        Canceled = canceled;
        OomKilled = oomKilled;
    }

    /// <summary>The program's exit code, 0 to 255; 128 + n when signal n ended it, as shells say it; -1 when nobody can know (<see cref="IsKnown"/>).</summary>
    public int ExitCode { get; }

    /// <summary>The signal that ended the program; the kernel's number where .NET has no name for it, such as 9 for SIGKILL.</summary>
    public PosixSignal? Signal { get; }

    /// <summary>
    /// Whether the exit code is known. It is not where something else reaped the container before Linux 6.15: the .NET
    /// runtime does when it is process 1, or was started with SIGCHLD ignored.
    /// </summary>
    public bool IsKnown { get; }

    /// <summary>Whether it was killed because the caller cancelled.</summary>
    public bool Canceled { get; }

    /// <summary>Whether the kernel killed one of its processes for want of memory; told from memory.events of its cgroup, so false without one.</summary>
    public bool OomKilled { get; }

    /// <summary>From the beginning of the start, the set-up included, to the program's end.</summary>
    public TimeSpan RunTime { get; }

    /// <summary>What the program and the processes that it waited for used.</summary>
    public ResourceUsage? ResourceUsage { get; }

    /// <summary>Throws unless the exit code is 0.</summary>
    /// <returns>This exit.</returns>
    /// <exception cref="ContainerFailedException">It is another, or a signal ended the program.</exception>
    public ContainerExit EnsureSuccess() => ExitCode == 0 ? this : throw new ContainerFailedException(this);
}

/// <summary>A container did not end with exit code 0, and the caller asked for it with <see cref="ContainerExit.EnsureSuccess"/>.</summary>
public sealed class ContainerFailedException : Exception
{
    internal ContainerFailedException(ContainerExit exit)
        : base(exit switch
        {
            { IsKnown: false } => "The container ended; its exit code is not known.",
            { OomKilled: true } => "The container ran out of memory: the kernel killed a process in it.",
            { Signal: not null } => $"The container was ended by signal {exit.ExitCode - 128}.",
            _ => $"The container ended with exit code {exit.ExitCode}.",
        })
        => Exit = exit;

    /// <summary>How it ended.</summary>
    public ContainerExit Exit { get; }
}

/// <summary>How a container ended, and what it wrote.</summary>
/// <param name="Exit">How it ended.</param>
/// <param name="StandardOutput">What it wrote to standard output, as UTF-8 text.</param>
/// <param name="StandardError">What it wrote to standard error, as UTF-8 text.</param>
public sealed record ContainerOutput(ContainerExit Exit, string StandardOutput, string StandardError)
{
    /// <summary>The exit code; see <see cref="ContainerExit.ExitCode"/>.</summary>
    public int ExitCode => Exit.ExitCode;
}
