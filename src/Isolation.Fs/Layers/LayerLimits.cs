namespace Isolation.Fs.Layers;

/// <summary>How much a layer may hold. The defaults are far above what images hold, and far below what fills a machine.</summary>
public sealed record LayerLimits
{
    /// <summary>The contents of all files together, in bytes.</summary>
    public long MaxBytes { get; init; } = 32L << 30;

    /// <summary>The number of entries, and of directories that are made because they are missing.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>The paths of all entries, those of directories that are made because they are missing, and the extended headers together, in bytes.</summary>
    public long MaxMetadataBytes { get; init; } = 256 << 20;

    /// <summary>The number of directories that one entry lies in.</summary>
    public int MaxDepth { get; init; } = 256;

    /// <summary>The bytes that one compressed byte may become, once there are more than <see cref="RatioFrom"/>.</summary>
    public int MaxRatio { get; init; } = 200;

    /// <summary>The uncompressed bytes from which on <see cref="MaxRatio"/> counts: a few empty megabytes are no bomb.</summary>
    public long RatioFrom { get; init; } = 64 << 20;
}
