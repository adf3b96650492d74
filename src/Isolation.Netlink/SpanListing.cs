using Isolation.Netlink.Transport;

namespace Isolation.Netlink;

/// <summary>
/// What the kernel listed, in the memory that it was received into. Going over it with <c>foreach</c> allocates nothing for
/// an entry, and gives the memory back at the end.
/// </summary>
/// <typeparam name="T">What was listed. It may not be used after the loop.</typeparam>
/// <remarks>It can be gone over once. Dispose it if it is not gone over at all.</remarks>
public ref struct SpanListing<T> : IDisposable
    where T : ISpanEntry<T>, allows ref struct
{
    private readonly Dump? _first, _second;
    private Dump.Enumerator _entries;
    private bool _isInSecond;

    internal SpanListing(Dump? first, Dump? second = null)
    {
        _first = first;
        _second = second;
        _isInSecond = first is null;
        if ((first ?? second) is { } dump)
            _entries = dump.GetEnumerator();
    }

    /// <summary>Something changed while the kernel listed, each of ten times: entries may be missing or doubled (NLM_F_DUMP_INTR).</summary>
    public readonly bool IsInterrupted => _first is { IsInterrupted: true } || _second is { IsInterrupted: true };

    /// <summary>The entry that the loop is at.</summary>
    public T Current { get; private set; } = default!;

    /// <summary>Goes over the entries.</summary>
    public readonly SpanListing<T> GetEnumerator() => this;

    /// <summary>Goes to the next entry.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    public bool MoveNext()
    {
        while ((_isInSecond ? _second : _first) is not null)
        {
            if (_entries.MoveNext())
            {
                Current = T.Read(_entries.Current);
                return true;
            }

            if (_isInSecond || _second is null)
                return false;
            _isInSecond = true;
            _entries = _second.GetEnumerator();
        }

        return false;
    }

    /// <summary>Gives the memory back.</summary>
    public readonly void Dispose()
    {
        _first?.Dispose();
        _second?.Dispose();
    }
}

/// <summary>An entry of a <see cref="SpanListing{T}"/>.</summary>
/// <typeparam name="T">Its type.</typeparam>
public interface ISpanEntry<T>
    where T : ISpanEntry<T>, allows ref struct
{
    /// <summary>Reads the body of a message.</summary>
    internal static abstract T Read(ReadOnlySpan<byte> body);
}
