namespace Isolation.Fs.Layers;

/// <summary>Reads an archive block by block through one buffer, out of which contents go to files uncopied.</summary>
internal sealed class TarBlocks(Stream source, Action<long> onRead)
{
    public const int Size = 512;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(256 << 10);
    private int _start, _end;

    /// <summary>Bytes that have been taken.</summary>
    public long Position { get; private set; }

    /// <summary>The next block, or nothing at the end of the archive.</summary>
    /// <exception cref="LayerException">The archive ends within it.</exception>
    public ReadOnlySpan<byte> ReadBlock()
    {
        while (_end - _start < Size)
        {
            if (Fill() == 0)
                return _end == _start ? [] : throw Truncated();
        }

        return Take(Size);
    }

    /// <summary>Some of the bytes that come, at least one.</summary>
    public ReadOnlySpan<byte> ReadSome(long atMost)
    {
        if (_start == _end && Fill() == 0)
            throw Truncated();
        return Take((int)Math.Min(atMost, _end - _start));
    }

    public void Skip(long count)
    {
        while (count > 0)
            count -= ReadSome(count).Length;
    }

    /// <summary>Skips what is there of so many bytes.</summary>
    public void SkipUpToEnd(long count)
    {
        while (count > 0 && (_start < _end || Fill() > 0))
            count -= ReadSome(count).Length;
    }

    public byte[] ReadAll(int count)
    {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;)
        {
            ReadOnlySpan<byte> some = ReadSome(count - at);
            some.CopyTo(bytes.AsSpan(at));
            at += some.Length;
        }

        return bytes;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = _buffer.AsSpan(_start, count);
        _start += count;
        Position += count;
        return taken;
    }

    private int Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int read = source.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        onRead(Position + _end);
        return read;
    }

    private static LayerException Truncated() => new(LayerFault.Malformed, null, "The archive ends too early");
}
