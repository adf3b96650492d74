using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Transport;

/// <summary>Requests and their answers over one socket, one exchange after the other: threads queue.</summary>
/// <param name="socket">The socket, which becomes the connection's.</param>
/// <param name="room">Bytes that a datagram of the kernel gets at first. One that is larger is asked for again.</param>
internal sealed partial class NetlinkConnection(NetlinkSocket socket, int room = NetlinkConnection.DatagramSize) : IDisposable
{
    /// <summary>How often a dump is repeated that something changed under.</summary>
    internal const int DumpAttempts = 10;

    // The kernel's datagrams have up to 32 KB.
    internal const int DatagramSize = 64 << 10;

    // netlink_sendmsg copies a send into one piece of memory, and gains nothing from larger ones.
    private const int SendSize = 64 << 10;

    // What an error with its words costs of SO_RCVBUF, with the kernel's own bookkeeping, is below this.
    private const int AnswerSize = 2048;

    private readonly Lock _gate = new();
    private readonly RequestBuffer _single = new();
    private byte[] _answer = ArrayPool<byte>.Shared.Rent(room);
    private int _datagramSize = room;
    private uint _sequence;
    private bool _isMidway;
    private bool _disposed;

    public NetlinkSocket Socket => socket;

    /// <summary>One request that changes something.</summary>
    public void Execute<TBody>(in RequestDescription description, TBody body)
        where TBody : IRequestBody
    {
        lock (_gate)
        {
            Prepare(description, body);
            SendAll(_single, null);
        }
    }

    /// <summary>Two requests that are one to the caller. The second is not even sent if the first one fails; if one is wrong, nothing is.</summary>
    public void ExecuteBoth<TFirst, TSecond>(in RequestDescription first, TFirst firstBody, in RequestDescription second, TSecond secondBody)
        where TFirst : IRequestBody
        where TSecond : IRequestBody
    {
        using var requests = new RequestBuffer { IsOneRequest = true };
        requests.AppendBoth(first, firstBody, second, secondBody);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            SendSome(requests, 0, 1, null);
            SendSome(requests, 1, 1, null);
        }
    }

    /// <summary>Many requests. Those that fail are told; all are tried, in their order.</summary>
    public List<NetlinkException> Execute(RequestBuffer requests)
    {
        var failures = new List<NetlinkException>();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            SendAll(requests, failures);
        }

        return failures;
    }

    /// <summary>One request that is answered with one message.</summary>
    public TResult Get<TBody, TResult>(in RequestDescription description, TBody body, AnswerReader<TResult> read)
        where TBody : IRequestBody
    {
        TryGet(description, body, read, Errno.None, out TResult? result);
        return result!;
    }

    /// <summary>The same, for what may not be there.</summary>
    /// <param name="description">What the request is for.</param>
    /// <param name="body">What it asks for.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="absent">The error by which the kernel says that it is not there.</param>
    /// <param name="result">The answer.</param>
    public bool TryGet<TBody, TResult>(in RequestDescription description, TBody body, AnswerReader<TResult> read, Errno absent, [NotNullWhen(true)] out TResult? result)
        where TBody : IRequestBody
    {
        lock (_gate)
        {
            Prepare(description, body);
            Begin(_single, 0, 1);
            while (true)
            {
                int length = socket.Receive(_answer);
                if (length > _answer.Length)
                {
                    // Its rest is lost, so it is asked for again.
                    Grow(length);
                    Begin(_single, 0, 1);
                    continue;
                }

                foreach (Message message in new MessageReader(_answer.AsSpan(0, length)))
                {
                    if (message.Header.nlmsg_seq != _sequence)
                        continue;
                    _isMidway = false;
                    result = default;
                    if (message.Header.nlmsg_type != NetlinkConstants.NLMSG_ERROR)
                    {
                        result = read(message.Body)!;
                        return true;
                    }

                    Errno errno = ExtendedAcknowledgement.ReadError(message, _single.Description(0).Kind.Attributes, _single.Bytes, out ExtendedAcknowledgement report);
                    return errno == absent && errno != Errno.None ? false : throw Failure(_single, 0, errno, report);
                }
            }
        }
    }

    /// <summary>One request that is answered with many messages. They are complete when this returns.</summary>
    public Dump Dump<TBody>(in RequestDescription description, TBody body)
        where TBody : IRequestBody
    {
        lock (_gate)
        {
            Prepare(description with { Flags = description.Flags | NetlinkMessageFlags.NLM_F_DUMP }, body);
            for (int attempt = 1; ; attempt++)
            {
                var dump = new Dump();
                try
                {
                    DumpOnce(dump);
                    if (!dump.IsTruncated && (!dump.IsInterrupted || attempt >= DumpAttempts))
                        return dump;
                }
                catch
                {
                    dump.Dispose();
                    throw;
                }

                dump.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            socket.Dispose();
            _single.Dispose();
            ArrayPool<byte>.Shared.Return(_answer);
            _answer = [];
        }
    }

    private void Prepare<TBody>(in RequestDescription description, TBody body)
        where TBody : IRequestBody
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _single.Clear();
        _single.Append(description, body);
    }

    // Sends what fits into one send, and whose answers fit into the socket's queue even if every request fails. Only the last
    // request is acknowledged when all goes well. Without a list for them, the first failure is thrown.
    private void SendAll(RequestBuffer requests, List<NetlinkException>? failures)
    {
        int most = Math.Max(1, socket.ReceiveBufferSize / AnswerSize);
        for (int first = 0, count; first < requests.Count; first += count)
        {
            for (count = 1; count < most && first + count < requests.Count && requests.Range(first, count + 1).Length <= SendSize; count++)
            {
            }

            SendSome(requests, first, count, failures);
        }
    }

    private void SendSome(RequestBuffer requests, int first, int count, List<NetlinkException>? failures)
    {
        uint firstSequence = Begin(requests, first, count);
        while (_isMidway)
        {
            int length = socket.Receive(_answer);

            // One that is cut is malformed, and says so: no answer to a change comes near the room that there is.
            foreach (Message message in new MessageReader(_answer.AsSpan(0, Math.Min(length, _answer.Length))))
            {
                uint index = message.Header.nlmsg_seq - firstSequence;
                if (message.Header.nlmsg_type != NetlinkConstants.NLMSG_ERROR || index >= count)
                    continue;
                int request = first + (int)index;
                Errno errno = ExtendedAcknowledgement.ReadError(message, requests.Description(request).Kind.Attributes, requests.Request(request), out ExtendedAcknowledgement report);
                if (index == count - 1)
                    _isMidway = false;
                if (errno == Errno.None)
                    continue;
                NetlinkException failure = Failure(requests, request, errno, report);
                if (failures is null)
                    throw failure;
                failures.Add(failure);
            }
        }
    }

    private void DumpOnce(Dump dump)
    {
        dump.Sequence = Begin(_single, 0, 1);
        while (_isMidway)
        {
            Span<byte> free = dump.Reserve(_datagramSize);
            int length = socket.Receive(free);
            if (length > free.Length)
            {
                // The rest is received all the same: until then the kernel refuses the next dump.
                dump.IsTruncated = true;
                _datagramSize = (int)BitOperations.RoundUpToPowerOf2((uint)length);
                continue;
            }

            dump.Commit(length);
            foreach (Message message in new MessageReader(free[..length]))
            {
                if (message.Header.nlmsg_seq != _sequence)
                    continue;

                // Enum.HasFlag would allocate, until it is compiled for good.
                dump.IsInterrupted |= (message.Header.nlmsg_flags & NetlinkMessageFlags.NLM_F_DUMP_INTR) != 0;
                ExtendedAcknowledgement report = default;
                Errno errno = message.Header.nlmsg_type switch
                {
                    NetlinkConstants.NLMSG_ERROR => ExtendedAcknowledgement.ReadError(message, _single.Description(0).Kind.Attributes, _single.Bytes, out report),
                    NetlinkConstants.NLMSG_DONE => ExtendedAcknowledgement.ReadDone(message, _single.Description(0).Kind.Attributes, _single.Bytes, out report),
                    _ => Errno.None,
                };
                if (errno != Errno.None)
                    throw Failure(_single, 0, errno, report);
                if (message.Header.nlmsg_type == NetlinkConstants.NLMSG_DONE)
                    _isMidway = false;
            }
        }
    }

    // Numbers requests and sends them. What an exchange left that ended with an exception is dropped before.
    private uint Begin(RequestBuffer requests, int first, int count)
    {
        if (_isMidway)
            socket.Drain();
        _isMidway = true;
        uint firstSequence = _sequence + 1;
        for (int i = first; i < first + count; i++)
            requests.Number(i, ++_sequence, acknowledge: i == first + count - 1 && !requests.Description(i).Kind.IsRead);
        socket.Send(requests.Range(first, count));
        return firstSequence;
    }

    private void Grow(int length)
    {
        ArrayPool<byte>.Shared.Return(_answer);
        _answer = ArrayPool<byte>.Shared.Rent(length);
    }

    private NetlinkException Failure(RequestBuffer requests, int index, Errno errno, ExtendedAcknowledgement report)
    {
        RequestDescription description = requests.Description(index);
        return new NetlinkException(description.Operation, description.Target?.ToString(), errno, description.Kind.Name, report, requests == _single || requests.IsOneRequest ? null : index);
    }
}

/// <summary>Makes a result of the body of an answer.</summary>
internal delegate TResult AnswerReader<out TResult>(ReadOnlySpan<byte> body);
