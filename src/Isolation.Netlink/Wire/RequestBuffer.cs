using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink.Wire;

/// <summary>Requests, one after the other, in pooled memory that grows. What is appended holds until <see cref="Clear"/>.</summary>
internal sealed class RequestBuffer : IDisposable
{
    /// <summary>NLMSG_ALIGNTO and NLA_ALIGNTO.</summary>
    private const int Alignment = 4;

    private readonly List<Entry> _entries = [];
    private readonly List<SafeHandle> _handles = [];
    private byte[] _bytes = [];
    private int _length;

    /// <summary>Whether all of them are one to the caller, so that an error does not tell which one failed.</summary>
    public bool IsOneRequest { get; init; }

    /// <summary>How many requests there are.</summary>
    public int Count => _entries.Count;

    /// <summary>All of them, as they are sent.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>What a request is for.</summary>
    public RequestDescription Description(int index) => _entries[index].Description;

    /// <summary>One request.</summary>
    public Span<byte> Request(int index) => Range(index, 1);

    /// <summary>Some requests that follow each other.</summary>
    public Span<byte> Range(int first, int count) => _bytes.AsSpan(_entries[first].Start, End(first + count - 1) - _entries[first].Start);

    /// <summary>Appends a request. If its body is wrong, the buffer stays as it was.</summary>
    /// <exception cref="ArgumentException">From the body.</exception>
    public void Append<TBody>(in RequestDescription description, TBody body)
        where TBody : IRequestBody
    {
        int start = _length, handles = _handles.Count;
        try
        {
            Reserve(Unsafe.SizeOf<NetlinkHeader>());
            body.WriteTo(new MessageWriter(this));
        }
        catch
        {
            _length = start;
            Release(handles);
            throw;
        }

        var header = new NetlinkHeader
        {
            nlmsg_len = (uint)(_length - start),
            nlmsg_type = description.Kind.Type,
            nlmsg_flags = description.Flags | NetlinkMessageFlags.NLM_F_REQUEST,
        };
        MemoryMarshal.Write(_bytes.AsSpan(start), header);
        _entries.Add(new Entry(start, description));
    }

    /// <summary>Takes the last request off.</summary>
    public void RemoveLast()
    {
        _length = _entries[^1].Start;
        _entries.RemoveAt(_entries.Count - 1);
    }

    /// <summary>Appends two requests. If one of the bodies is wrong, the buffer stays as it was.</summary>
    /// <exception cref="ArgumentException">From a body.</exception>
    public void AppendBoth<TFirst, TSecond>(in RequestDescription first, TFirst firstBody, in RequestDescription second, TSecond secondBody)
        where TFirst : IRequestBody
        where TSecond : IRequestBody
    {
        int start = _length, handles = _handles.Count;
        Append(first, firstBody);
        try
        {
            Append(second, secondBody);
        }
        catch
        {
            _entries.RemoveAt(_entries.Count - 1);
            _length = start;
            Release(handles);
            throw;
        }
    }

    /// <summary>Numbers a request, and says whether it is to be acknowledged in any case.</summary>
    public void Number(int index, uint sequence, bool acknowledge)
    {
        ref NetlinkHeader header = ref MemoryMarshal.AsRef<NetlinkHeader>(Request(index));
        header.nlmsg_seq = sequence;
        header.nlmsg_flags = acknowledge ? header.nlmsg_flags | NetlinkMessageFlags.NLM_F_ACK : header.nlmsg_flags & ~NetlinkMessageFlags.NLM_F_ACK;
    }

    /// <summary>The next bytes, zeroed, with the padding that they need.</summary>
    public Span<byte> Reserve(int count)
    {
        int padded = checked(count + Alignment - 1) & -Alignment;
        if (_bytes.Length - _length < padded)
            Grow(checked(_length + padded));
        Span<byte> reserved = _bytes.AsSpan(_length, padded);
        reserved.Clear();
        _length += padded;
        return reserved[..count];
    }

    /// <summary>Keeps a handle open while its descriptor's number stands in a request.</summary>
    public int Hold(SafeHandle handle)
    {
        bool added = false;
        handle.DangerousAddRef(ref added);
        _handles.Add(handle);
        return (int)handle.DangerousGetHandle();
    }

    /// <summary>Where the next byte goes.</summary>
    internal int Position => _length;

    /// <summary>Takes the last bytes back.</summary>
    internal void Truncate(int position) => _length = position;

    /// <summary>Forgets all requests.</summary>
    public void Clear()
    {
        _entries.Clear();
        _length = 0;
        Release(0);
    }

    public void Dispose()
    {
        Clear();
        Return(_bytes);
        _bytes = [];
    }

    private int End(int index) => index + 1 < _entries.Count ? _entries[index + 1].Start : _length;

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(_bytes.Length * 2, 4096)));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        Return(_bytes);
        _bytes = larger;
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    private void Release(int keep)
    {
        foreach (SafeHandle handle in CollectionsMarshal.AsSpan(_handles)[keep..])
            handle.DangerousRelease();
        _handles.RemoveRange(keep, _handles.Count - keep);
    }

    private readonly record struct Entry(int Start, RequestDescription Description);
}
