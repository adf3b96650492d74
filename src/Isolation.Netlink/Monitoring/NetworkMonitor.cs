using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Isolation.Netlink.Transport;

namespace Isolation.Netlink;

/// <summary>Tells what changes in a network namespace, as rtnetlink(7) sends it to groups. From <see cref="RouteClient.OpenMonitor"/>.</summary>
/// <remarks>
/// <para>Waiting blocks no thread. What the reader has not taken waits, first in a megabyte of this process and then in the kernel's receive
/// buffer; beyond that the kernel drops it, which is an <see cref="Overrun"/>. Lists are asked for through the client, which must stay open.</para>
/// <para>A change may be told twice, and an old one after a new one, while the monitor lists what there is: the list shows what messages on
/// their way still have to tell. In the end each object is told as it is, so whoever keeps the last that was told of each has the kernel's state at <see cref="Synchronized"/>,
/// and from then on up to the messages that are on their way.</para>
/// </remarks>
public sealed class NetworkMonitor : IAsyncDisposable
{
    // What the process keeps for a reader that is slow, and what is left of that when more is received.
    private const int Pause = 1 << 20, Resume = 1 << 19, Segment = 64 << 10;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly NetlinkSocket _socket;
    private readonly Pipe _pipe;
    private readonly MonitorPump _pump;
    private readonly MonitorState _state;
    private Task? _pumping;
    private bool _disposed;

    internal NetworkMonitor(RouteClient client, NetlinkSocket socket, MonitorOptions options)
    {
        _socket = socket;
        _pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Pause, resumeWriterThreshold: Resume, minimumSegmentSize: Segment, useSynchronizationContext: false));
        _pump = new MonitorPump(socket, _pipe.Writer);
        _state = new MonitorState(client, _pump, options);
        socket.ResizeReceiveBuffer(options.ReceiveBufferSize);
        ReceiveBufferSize = socket.ReceiveBufferSize;
        foreach (Interop.MulticastGroup group in _state.Groups)
            socket.Join(group);
    }

    /// <summary>Messages of others than the kernel that were dropped. Such messages need CAP_NET_ADMIN in the network namespace, and can only be sent to groups, not to the monitor itself.</summary>
    public long ForgedMessages => _socket.ForgedMessages;

    /// <summary>How often the kernel had more to tell than there was room for.</summary>
    public long Overruns => _state.Overruns;

    /// <summary>The bytes that the kernel keeps for the monitor, its own needs included (SO_RCVBUF): twice what was asked for, if that was granted.</summary>
    public int ReceiveBufferSize { get; }

    /// <summary>The port of the monitor's socket (netlink(7), nl_pid).</summary>
    internal long PortId => _socket.PortId;

    /// <summary>Tells what changes, until it is cancelled or the monitor is disposed. That is done when the reading ends.</summary>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">It has been read already.</exception>
    /// <exception cref="NetlinkException">The kernel refused to list what there is, or sent what cannot be read.</exception>
    public async IAsyncEnumerable<NetworkEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Start();
        var changes = new List<NetworkEvent>();
        try
        {
            while (true)
            {
                ReadResult result = await _pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                foreach (ReadOnlyMemory<byte> messages in result.Buffer)
                    _state.Read(messages.Span, changes);
                _pipe.Reader.AdvanceTo(result.Buffer.End);
                foreach (NetworkEvent change in changes)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return change;
                }

                changes.Clear();
                if (result.IsCompleted)
                    yield break;
            }
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
            await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Closes the socket. A reader sees the end.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        await _disposing.CancelAsync().ConfigureAwait(false);
        if (_pumping is null)
            _socket.Dispose();
        else
            await _pumping.ConfigureAwait(false);
        _state.Dispose();
        _disposing.Dispose();
    }

    private void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_pumping is not null)
                throw new InvalidOperationException("A monitor is read only once. Open another one.");
            _state.Begin();
            _pumping = _pump.RunAsync(_disposing.Token);
        }
    }
}
