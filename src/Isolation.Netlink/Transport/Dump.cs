using System.Buffers;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Transport;

/// <summary>All datagrams of one dump, in pooled memory. Goes over the bodies of its messages with <c>foreach</c>.</summary>
internal sealed class Dump : IDisposable
{
    private const int SegmentSize = 256 << 10;

    private readonly List<Segment> _segments = [];

    /// <summary>The number of its request.</summary>
    public uint Sequence { get; set; }

    /// <summary>Something changed while the kernel went over it: entries may be missing or doubled (NLM_F_DUMP_INTR).</summary>
    public bool IsInterrupted { get; set; }

    /// <summary>A datagram did not fit.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Room for the next datagram.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_segments.Count == 0 || _segments[^1].Free.Length < size)
            _segments.Add(new Segment(ArrayPool<byte>.Shared.Rent(Math.Max(SegmentSize, size)), 0));
        return _segments[^1].Free[..size];
    }

    /// <summary>A datagram has been received into the room.</summary>
    public void Commit(int length) => _segments[^1] = _segments[^1] with { Length = _segments[^1].Length + ((length + 3) & ~3) };

    public Enumerator GetEnumerator() => new(this);

    public void Dispose()
    {
        foreach (Segment segment in _segments)
            ArrayPool<byte>.Shared.Return(segment.Bytes);
        _segments.Clear();
    }

    internal ref struct Enumerator(Dump dump)
    {
        private int _segment = -1;
        private MessageReader _messages;

        public readonly ReadOnlySpan<byte> Current => _messages.Current.Body;

        public bool MoveNext()
        {
            while (true)
            {
                while (_messages.MoveNext())
                {
                    NetlinkHeader header = _messages.Current.Header;
                    if (header.nlmsg_seq == dump.Sequence && header.nlmsg_type != NetlinkConstants.NLMSG_DONE)
                        return true;
                }

                if (++_segment >= dump._segments.Count)
                    return false;
                _messages = new MessageReader(dump._segments[_segment].Used);
            }
        }
    }

    private readonly record struct Segment(byte[] Bytes, int Length)
    {
        public Span<byte> Free => Bytes.AsSpan(Length);

        public ReadOnlySpan<byte> Used => Bytes.AsSpan(0, Length);
    }
}
