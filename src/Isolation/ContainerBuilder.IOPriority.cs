using Isolation.Syscalls;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>The priority of the program's requests to disks (ioprio_set(2)). Default: the caller's.</summary>
    /// <param name="priority"><see cref="IOPriority.BestEffort"/>, <see cref="IOPriority.Idle"/> and others. The real-time class needs CAP_SYS_ADMIN or CAP_SYS_NICE, which a container with <see cref="WithUserNs()"/> has not.</param>
    public ContainerBuilder WithIOPriority(IOPriority priority) => New(_spec with { Process = _spec.Process with { IOPriority = priority } });
}
