namespace Isolation.Fs.Layers;

/// <summary>What is wrong with a layer or an image.</summary>
public enum LayerFault
{
    /// <summary>It is not what its format says: truncated, a wrong checksum, numbers that are none.</summary>
    Malformed,

    /// <summary>An entry would be outside the root, or steer what is done with the root later.</summary>
    Unsafe,

    /// <summary>More than the limits allow.</summary>
    TooLarge,

    /// <summary>A format or an entry type that is not supported.</summary>
    Unsupported,

    /// <summary>It is not what its digest or its size says.</summary>
    WrongDigest,

    /// <summary>Something that it names is not there.</summary>
    Missing,

    /// <summary>Another process unpacks to the same place.</summary>
    Busy,
}
