namespace Isolation.Fs.Images;

/// <summary>An entry of a layout's index.</summary>
/// <param name="Name">The tag (annotation <c>org.opencontainers.image.ref.name</c>), if it has one.</param>
/// <param name="Digest">What it names: a manifest, or an index of manifests.</param>
/// <param name="Platform">What it is for, where the index says so.</param>
public sealed record ImageTag(string? Name, string Digest, ImagePlatform? Platform);
