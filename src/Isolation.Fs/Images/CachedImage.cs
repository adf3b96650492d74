using Isolation.Fs.Layers;

namespace Isolation.Fs.Images;

/// <summary>An image in an <see cref="ImageCache"/>.</summary>
/// <param name="Path">The folder with its files.</param>
/// <param name="Result">What came of the unpacking, what was left out included; null when the image was there already.</param>
public sealed record CachedImage(string Path, LayerResult? Result);
