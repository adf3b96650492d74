namespace Isolation.Fs;

/// <summary>A file or directory whose content the container does not see.</summary>
/// <param name="Target">An absolute path in the container.</param>
internal sealed record MaskedPathSpec(string Target) : MountSpec(Target)
{
    /// <inheritdoc/>
    public override bool Covers(string place) => false;
}
