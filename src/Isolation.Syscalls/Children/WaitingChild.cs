using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Syscalls.Children;

/// <summary>What the manager does while a child waits at a gate.</summary>
internal delegate void GateHandler(string gate, in WaitingChild child);

/// <summary>A child that waits at a gate. It has a descriptor table of its own, though it shares our memory.</summary>
internal readonly ref struct WaitingChild(int processId, int pidFd, ReadOnlySpan<long> values)
{
    private readonly ReadOnlySpan<long> _values = values;

    /// <summary>Its process id. The number is its own for as long as it waits, since nobody else reaps it.</summary>
    public int ProcessId { get; } = processId;

    /// <summary>Takes a copy of a descriptor that an earlier step opened (pidfd_getfd(2)).</summary>
    /// <exception cref="LinuxException">EPERM: ptrace(2) or a seccomp profile does not allow it.</exception>
    public SafeFileHandle Copy(StepValue descriptor)
        => new(
            (nint)Sys.Check("copy from the child its", descriptor.Name, SyscallNumber.PidfdGetfd, pidFd, (nint)_values[descriptor.Slot], 0),
            ownsHandle: true);
}
