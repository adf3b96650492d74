using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// Whether what the host mounts later is seen in the container, in its mount namespace and in what is bound into it
    /// (mount_namespaces(7)). What the container mounts is never seen on the host. Default: <see cref="MountPropagation.Private"/>.
    /// <see cref="MountPropagation.Shared"/> is a slave of the host's mounts that shares with mount namespaces made inside;
    /// <see cref="MountPropagation.Unbindable"/> is private, and nothing inside can be bound elsewhere; no bind can receive then.
    /// </summary>
    /// <remarks>A root file system whose ids are mapped, which is one of root's with <see cref="WithUserNs()"/>, stays private.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There is no such propagation.</exception>
    public ContainerBuilder WithPropagation(MountPropagation propagation)
        => Enum.IsDefined(propagation)
            ? New(_spec with { Namespaces = _spec.Namespaces | NamespaceKinds.Mount, Propagation = propagation })
            : throw new ArgumentOutOfRangeException(nameof(propagation), propagation, "Unknown propagation.");
}
