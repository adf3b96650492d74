namespace Isolation.Fs.Layers;

/// <summary>Counts what is read, and lets the first bytes be seen before. The stream below stays open.</summary>
internal sealed class CountingStream(Stream source) : Stream
{
    private byte[] _peeked = [];

    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    /// <summary>The first bytes, fewer when there are no more. Only before anything was read.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        byte[] bytes = new byte[count];
        _peeked = bytes[..source.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
        return _peeked;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (_peeked.Length > 0)
        {
            read = Math.Min(_peeked.Length, buffer.Length);
            _peeked.AsSpan(..read).CopyTo(buffer);
            _peeked = _peeked[read..];
        }
        else
        {
            read = source.Read(buffer);
        }

        Count += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
