using System.Collections.Immutable;

namespace Isolation.Fs.Layers;

/// <summary>What came of a layer.</summary>
/// <param name="Entries">How many entries it had.</param>
/// <param name="Bytes">The contents of its files together, in bytes.</param>
/// <param name="Omissions">What was left out.</param>
public sealed record LayerResult(int Entries, long Bytes, ImmutableArray<LayerOmission> Omissions);
