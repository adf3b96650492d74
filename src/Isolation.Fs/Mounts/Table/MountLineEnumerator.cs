namespace Isolation.Fs;

/// <summary>Goes through the text of mountinfo line by line. It allocates nothing.</summary>
public ref struct MountLineEnumerator
{
    private ReadOnlySpan<byte> _rest;
    private MountLine _current;

    internal MountLineEnumerator(ReadOnlySpan<byte> text) => _rest = text;

    /// <summary>The line.</summary>
    public readonly MountLine Current => _current;

    /// <summary>For foreach.</summary>
    public readonly MountLineEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next line.</summary>
    /// <exception cref="FormatException">It is none of mountinfo.</exception>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> line = default;
        while (line.IsEmpty)
        {
            if (_rest.IsEmpty)
                return false;
            int end = _rest.IndexOf((byte)'\n');
            line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
        }

        return MountLine.TryParse(line, out _current) ? true : throw MountTable.Malformed(PathText.Decode(line));
    }
}
