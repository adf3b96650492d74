using Isolation.Syscalls;

namespace Isolation.Fs;

/// <summary>A directory of the host that an overlay is made of.</summary>
/// <param name="Path">The directory on the host.</param>
internal sealed record RootLayer(string Path)
{
    /// <summary>A detached copy of the directory's mount, once there is one.</summary>
    public StepValue? Source { get; init; }
}
