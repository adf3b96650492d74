using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Children;

/// <summary>What <see cref="ChildProcess.Start"/> needs to know.</summary>
internal readonly ref struct ChildStartInfo(SyscallProgram program)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    public SyscallProgram Program { get; } = program;

    /// <summary>The new namespaces. What the engine needs itself (CLONE_VM, CLONE_VFORK, CLONE_PIDFD) it adds.</summary>
    public CloneFlags CloneFlags { get; init; }

    /// <summary>The program's inputs, in their order.</summary>
    public ReadOnlySpan<long> Inputs { get; init; }

    /// <summary>A descriptor of the cgroup directory that the child is born in, or -1.</summary>
    public int Cgroup { get; init; } = -1;

    /// <summary>How long the whole set-up may take; after it the child is killed.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>What the manager does at a gate. It may be called again for another child, when a start is tried again.</summary>
    public GateHandler? AtGate { get; init; }

    /// <summary>For tests: a step that fails, or is held.</summary>
    public Fault? Fault { get; init; }

    /// <summary>For tests: lets a child that shares the manager's memory do what <see cref="SharedMemoryRules"/> refuses, to show what would happen.</summary>
    public bool IgnoresSharedMemoryRules { get; init; }

    /// <summary>Whether another start waits for this child, and holds a spawner meanwhile: then this one does not queue.</summary>
    public bool IsHelper { get; init; }

    public CancellationToken CancellationToken { get; init; }
}

/// <summary>For tests: makes a step fail with an errno without calling the kernel; or, without one, waits before it.</summary>
internal readonly record struct Fault(uint Step, Errno Errno)
{
    /// <summary>How long the step is held when it does not fail. Default: a thousand years.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromDays(365_000);
}
