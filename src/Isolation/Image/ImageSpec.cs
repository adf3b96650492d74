namespace Isolation;

/// <summary>The image that a container is to come from.</summary>
/// <param name="Layout">The layout's directory.</param>
/// <param name="Tag">Its tag; null when there is only one.</param>
/// <param name="Options">How it is used.</param>
internal sealed record ImageSpec(string Layout, string? Tag, ImageOptions Options);
