using System.Security.Cryptography;
using Isolation.Fs.Layers;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs.Images;

/// <summary>A blob of a layout, hashed as it is read. Its size is checked before, its digest after.</summary>
internal sealed class BlobStream : Stream
{
    private readonly SafeFileHandle _file;
    private readonly string _shown;
    private readonly IncrementalHash _hash;
    private readonly BlobDigest _digest;
    private readonly long _size;
    private long _position;

    private BlobStream(SafeFileHandle file, string shown, BlobDigest digest, long size)
    {
        _file = file;
        _shown = shown;
        _digest = digest;
        _size = size;
        _hash = digest.Begin();
    }

    /// <summary>Is told how many bytes have been read, after each read.</summary>
    public Action<long>? Progress { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="LayerException">It is missing, no regular file, or has another size.</exception>
    public static BlobStream Open(RootDirectory layout, BlobDigest digest, long size)
    {
        SafeFileHandle file;
        try
        {
            file = layout.OpenRead(digest.Path);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw new LayerException(LayerFault.Missing, digest.ToString(), "The layout does not have the blob", e);
        }

        try
        {
            FileStatus status = FileStatus.Of(file, digest.Path);
            if (!status.IsRegularFile)
                throw new LayerException(LayerFault.Malformed, digest.ToString(), "The blob is no regular file");
            if (status.Size != size)
                throw new LayerException(LayerFault.WrongDigest, digest.ToString(), $"The blob has {status.Size} bytes and should have {size}");
            return new BlobStream(file, layout.Show(digest.Path), digest, size);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="LinuxException">EIO, and what else the file system says.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = RootDirectory.ReadAt(_file, buffer[..(int)Math.Min(buffer.Length, _size - _position)], _position, _shown);
        _position += read;
        _hash.AppendData(buffer[..read]);
        Progress?.Invoke(_position);
        return read;
    }

    /// <summary>Reads what is left, and compares.</summary>
    /// <exception cref="LayerException">It is not what the digest says.</exception>
    public void Verify()
    {
        Span<byte> rest = new byte[64 << 10];
        while (Read(rest) > 0)
        {
        }

        _digest.Check(_hash, "The blob");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
