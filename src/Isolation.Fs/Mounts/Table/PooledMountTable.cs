using System.Buffers;

namespace Isolation.Fs;

/// <summary>The text of a mount table in memory of a pool, to be gone through without an allocation for each line.</summary>
/// <remarks>No line may be used after <see cref="Dispose"/>. One thread at a time.</remarks>
public sealed class PooledMountTable : IDisposable
{
    private byte[]? _bytes;
    private readonly int _length;

    internal PooledMountTable(byte[] bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    /// <summary>The text as the kernel wrote it.</summary>
    public ReadOnlySpan<byte> Text
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bytes is null, this);
            return _bytes.AsSpan(0, _length);
        }
    }

    /// <summary>Goes through the lines.</summary>
    public MountLineEnumerator GetEnumerator() => new(Text);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
