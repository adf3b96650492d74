namespace Isolation.Fs;

/// <summary>A file or directory that the container cannot write to, with what is mounted below it.</summary>
/// <param name="Target">An absolute path in the container.</param>
internal sealed record ReadOnlyPathSpec(string Target) : MountSpec(Target)
{
    /// <inheritdoc/>
    public override bool Covers(string place) => false;
}
