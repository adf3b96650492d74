using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Syscalls.Interop;

namespace Isolation.Netlink;

/// <summary>
/// Receives what the kernel tells and writes it into a pipe, message after message. Waiting blocks no thread. When the pipe is full, because
/// nobody reads it, nothing is received: then the kernel's queue fills, and after that there is an overrun.
/// </summary>
/// <remarks>Two messages in the pipe are the pump's own: NLMSG_OVERRUN where some are missing, and NLMSG_NOOP for a fence.</remarks>
internal sealed class MonitorPump(NetlinkSocket socket, PipeWriter writer)
{
    // What is moved before the reader gets a turn.
    private const int Portion = 128 << 10;

    private int _room = 32 << 10;
    private uint _requestedFence, _writtenFence;
    private TaskCompletionSource? _wake;

    /// <summary>
    /// Asks for a fence with this number. It stands where the kernel's queue was seen empty after the request: what the kernel told
    /// before the request stands before it, and what it tells afterwards is kept, also after an overrun.
    /// </summary>
    public void RequestFence(uint number)
    {
        // An overrun and the timer may ask at the same time: the later one counts.
        for (uint known = Volatile.Read(ref _requestedFence); known < number;)
        {
            uint found = Interlocked.CompareExchange(ref _requestedFence, number, known);
            if (found == known)
                break;
            known = found;
        }

        Volatile.Read(ref _wake)?.TrySetResult();
    }

    /// <summary>Works until it is cancelled or fails, which the pipe's reader sees, and closes the socket.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                // Read before the socket is: the fence must stand behind what was told before the request.
                uint fence = Volatile.Read(ref _requestedFence);
                bool isEmpty = Receive();
                if (isEmpty && fence != _writtenFence)
                {
                    WriteOwn(MonitorConstants.NLMSG_NOOP, fence);
                    _writtenFence = fence;
                }

                if ((await writer.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted)
                    break;
                if (isEmpty)
                    await WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            failure = e;
        }

        socket.Dispose();
        await writer.CompleteAsync(failure).ConfigureAwait(false);
    }

    // True when there is no more.
    private bool Receive()
    {
        for (int received = 0; received < Portion;)
        {
            Span<byte> room = writer.GetSpan(_room);
            room = room[..(room.Length & ~3)];
            switch (socket.TryReceive(room, out int length))
            {
                case ReceiveResult.Empty:
                    return true;
                case ReceiveResult.Overrun:
                    WriteOwn(MonitorConstants.NLMSG_OVERRUN, 0);
                    break;
                case ReceiveResult.Received when length > room.Length:
                    // Its rest is lost, so it is as if it had not come.
                    _room = (length + 3) & ~3;
                    WriteOwn(MonitorConstants.NLMSG_OVERRUN, 0);
                    break;
                default:
                    int padded = (length + 3) & ~3;
                    room[length..padded].Clear();
                    writer.Advance(padded);
                    received += padded;
                    break;
            }
        }

        return false;
    }

    private void WriteOwn(ushort type, uint number)
    {
        int size = Unsafe.SizeOf<NetlinkHeader>();
        MemoryMarshal.Write(writer.GetSpan(size), new NetlinkHeader { nlmsg_len = (uint)size, nlmsg_type = type, nlmsg_seq = number });
        writer.Advance(size);
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource wake = new(TaskCreationOptions.RunContinuationsAsynchronously), readable = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _wake, wake);
        if (Volatile.Read(ref _requestedFence) != _writtenFence)
            return;
        ulong key = EventLoop.WhenReadable(socket.Handle, () =>
        {
            readable.TrySetResult();
            wake.TrySetResult();
        });
        try
        {
            await wake.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A request for a fence woke it while the loop was at it too: the descriptor is free when the loop is through.
            if (!EventLoop.Cancel(key))
                await readable.Task.ConfigureAwait(false);
        }
    }
}
