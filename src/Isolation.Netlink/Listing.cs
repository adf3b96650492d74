using System.Collections;

namespace Isolation.Netlink;

/// <summary>What the kernel listed, at one moment if <see cref="IsInterrupted"/> is false.</summary>
/// <typeparam name="T">What was listed.</typeparam>
public sealed class Listing<T> : IReadOnlyList<T>
{
    private readonly List<T> _entries;

    internal Listing(List<T> entries, bool isInterrupted)
    {
        _entries = entries;
        IsInterrupted = isInterrupted;
    }

    /// <summary>Something changed while the kernel listed, each of ten times: entries may be missing or doubled (NLM_F_DUMP_INTR).</summary>
    public bool IsInterrupted { get; }

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public T this[int index] => _entries[index];

    /// <summary>Goes over the entries.</summary>
    public List<T>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();
}
