using Microsoft.Win32.SafeHandles;

namespace Isolation.Syscalls.Interop;

/// <summary>One end of a pipe as a stream. Waiting for data blocks no thread in the asynchronous calls.</summary>
internal sealed class DescriptorStream : Stream
{
    private readonly SafeFileHandle _handle;

    private DescriptorStream(SafeFileHandle handle, bool canRead)
    {
        _handle = handle;
        CanRead = canRead;
    }

    public override bool CanRead { get; }

    public override bool CanWrite => !CanRead;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A pipe (pipe2(2)): our end as a stream, which never blocks, and the other end for the child.</summary>
    public static unsafe (DescriptorStream Ours, SafeFileHandle Childs) CreatePipe(bool childWrites)
    {
        const int CloseOnExec = 0x80000, SetFlags = 4, NonBlocking = 0x800;
        int* ends = stackalloc int[2];
        Sys.Check("create", "a pipe", SyscallNumber.Pipe2, (nint)ends, CloseOnExec);
        var read = new SafeFileHandle(ends[0], ownsHandle: true);
        var write = new SafeFileHandle(ends[1], ownsHandle: true);
        (SafeFileHandle ours, SafeFileHandle childs) = childWrites ? (read, write) : (write, read);
        Sys.Check("set up", "a pipe", SyscallNumber.Fcntl, (nint)ours.DangerousGetHandle(), SetFlags, NonBlocking);
        return (new DescriptorStream(ours, childWrites), childs);
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            if (TryTransfer(SyscallNumber.Read, buffer) is { } count)
                return count;
            Poll.Readable((int)_handle.DangerousGetHandle(), Timeout.InfiniteTimeSpan);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTransfer(SyscallNumber.Read, buffer.Span) is { } count)
                return count;
            await WaitAsync(EventLoop.WhenReadable, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (TryTransfer(SyscallNumber.Write, buffer) is { } count)
                buffer = buffer[count..];
            else
                Poll.Writable((int)_handle.DangerousGetHandle());
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTransfer(SyscallNumber.Write, buffer.Span) is { } count)
                buffer = buffer[count..];
            else
                await WaitAsync(EventLoop.WhenWritable, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _handle.Dispose();
        base.Dispose(disposing);
    }

    private async Task WaitAsync(Func<System.Runtime.InteropServices.SafeHandle, Action, ulong> when, CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong key = when(_handle, () => ready.TrySetResult());
        try
        {
            await ready.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            EventLoop.Cancel(key);
        }
    }

    /// <summary>Reads or writes what is possible now; null when nothing is.</summary>
    private unsafe int? TryTransfer(SyscallNumber call, ReadOnlySpan<byte> buffer)
    {
        bool added = false;
        _handle.DangerousAddRef(ref added);
        try
        {
            fixed (byte* bytes = buffer)
            {
                while (true)
                {
                    long result = Sys.Call(call, _handle.DangerousGetHandle(), (nint)bytes, buffer.Length);
                    if (result >= 0)
                        return (int)result;
                    if (result == -(long)Errno.EAGAIN)
                        return null;
                    if (result != -(long)Errno.EINTR)
                    {
                        var failure = new LinuxException(call.Name, "a standard stream", (Errno)(-result), call.Name, result == -(long)Errno.EPIPE ? "The program has closed it, or ended" : null);
                        throw new IOException(failure.Message, failure);
                    }
                }
            }
        }
        finally
        {
            _handle.DangerousRelease();
        }
    }
}
