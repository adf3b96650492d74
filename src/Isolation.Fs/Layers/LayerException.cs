namespace Isolation.Fs.Layers;

/// <summary>A layer or an image cannot be used: which entry, and why.</summary>
public sealed class LayerException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="fault">Its kind.</param>
    /// <param name="entry">The entry, blob or file that it was found in, if it was one.</param>
    /// <param name="reason">What is wrong, as a sentence without a full stop.</param>
    /// <param name="innerException">What a decoder said.</param>
    public LayerException(LayerFault fault, string? entry, string reason, Exception? innerException = null)
        : base(entry is null ? $"{reason}." : $"{Shorten(entry)}: {reason}.", innerException)
    {
        Fault = fault;
        Entry = entry;
    }

    /// <summary>The kind of fault.</summary>
    public LayerFault Fault { get; }

    /// <summary>The entry, blob or file that it was found in, if it was one.</summary>
    public string? Entry { get; }

    // A hostile name may be long, and may steer a terminal.
    private static string Shorten(string entry)
        => string.Concat(entry.Take(200).Select(c => char.IsControl(c) ? '?' : c)) + (entry.Length > 200 ? "..." : "");
}
