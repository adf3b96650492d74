using Isolation.Fs.Interop;

namespace Isolation.Fs.Layers;

/// <summary>A name of an archive as a path in the root: without dots, slashes at its ends, or a way up.</summary>
internal static class LayerPath
{
    public const string WhiteoutPrefix = ".wh.", Opaque = ".wh..wh..opq", Internal = ".wh..wh.";

    /// <summary>The path; empty for the root itself.</summary>
    /// <exception cref="LayerException">It leads upwards, or is longer or deeper than allowed.</exception>
    public static string Clean(string name, LayerLimits limits)
    {
        if (name.Length == 0)
            throw new LayerException(LayerFault.Malformed, null, "An entry has no name");
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new LayerException(LayerFault.Malformed, null, "A name holds a NUL");
        if (!NeedsCleaning(name))
        {
            CheckLength(name, limits);
            return name;
        }

        var parts = new List<string>();
        foreach (string part in name.Split('/'))
        {
            if (part == "..")
                throw new LayerException(LayerFault.Unsafe, name, "Its name leads upwards");
            if (part.Length > 0 && part != ".")
                parts.Add(part);
        }

        string path = string.Join('/', parts);
        CheckLength(path, limits);
        return path;
    }

    /// <summary>Its directory, empty for the root, and its name there.</summary>
    public static (string Directory, string Name) Split(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
    }

    private static bool NeedsCleaning(string name)
        => name[0] is '/' or '.' || name[^1] == '/' || name.Contains("//", StringComparison.Ordinal) || name.Contains("/.", StringComparison.Ordinal);

    private static void CheckLength(string path, LayerLimits limits)
    {
        int depth = path.AsSpan().Count('/');
        if (depth > limits.MaxDepth)
            throw new LayerException(LayerFault.TooLarge, path, $"It lies in more than {limits.MaxDepth} directories");
        if (path.Length <= PathConstants.MaxName / 3)
            return;

        // As on the disk, where what is no UTF-8 has fewer bytes than its text would have. The last one is a NUL.
        byte[] bytes = PathText.Encode(path);
        if (bytes.Length > PathConstants.MaxPath)
            throw new LayerException(LayerFault.TooLarge, path, $"Its path has {PathConstants.MaxPath} bytes or more");
        ReadOnlySpan<byte> text = bytes.AsSpan(..^1);
        foreach (Range part in text.Split((byte)'/'))
        {
            if (text[part].Length > PathConstants.MaxName)
                throw new LayerException(LayerFault.TooLarge, path, $"A part of its path has more than {PathConstants.MaxName} bytes");
        }
    }
}
