using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Isolation.Cgroups.Events;

namespace Isolation.Cgroups;

/// <summary>Tells what happens to cgroups, as many as there are: all watchers of the process share one inotify(7) instance and one thread.</summary>
/// <remarks>
/// The kernel tells that a file has changed, at most every 10 ms; what is told here is the difference since the last time. So
/// a cgroup that is filled and emptied at once may be told of by nothing, but no OOM kill is missed, and a slow reader costs no memory.
/// </remarks>
public sealed class CgroupWatcher : IDisposable
{
    private readonly Channel<WatchedCgroup> _changed = Channel.CreateUnbounded<WatchedCgroup>();
    private readonly Dictionary<string, WatchedCgroup> _cgroups = new(StringComparer.Ordinal);
    private readonly Queue<CgroupEvent> _untold = new(); // What a reader left that has stopped; the next one's.
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>How many cgroups are watched.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _cgroups.Count;
        }
    }

    /// <summary>Watches a cgroup from now on. It keeps a descriptor of it; the object itself is not needed any more.</summary>
    /// <returns>False when it is watched already.</returns>
    /// <exception cref="CgroupException">ENOENT: it is the root cgroup; ENODEV: it has been removed; ENOSPC: fs.inotify.max_user_watches is reached.</exception>
    public bool Add(Cgroup cgroup)
    {
        ArgumentNullException.ThrowIfNull(cgroup);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_cgroups.ContainsKey(cgroup.Path))
                return false;
            _cgroups[cgroup.Path] = new WatchedCgroup(cgroup.Directory.Reopen(), c => _changed.Writer.TryWrite(c));
            return true;
        }
    }

    /// <summary>Watches a cgroup no more.</summary>
    /// <returns>False when it was not watched.</returns>
    public bool Remove(Cgroup cgroup)
    {
        ArgumentNullException.ThrowIfNull(cgroup);
        return Remove(cgroup.Path);
    }

    /// <summary>What happens, until it is cancelled or this is disposed. For one reader at a time; what one leaves, the next is told.</summary>
    public async IAsyncEnumerable<CgroupEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            while (_untold.TryDequeue(out CgroupEvent next))
            {
                if (next.Kind == CgroupEventKind.Removed)
                    Remove(next.Cgroup);
                yield return next;
            }

            if (!_changed.Reader.TryRead(out WatchedCgroup? changed))
            {
                if (!await _changed.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                    yield break;
                continue;
            }

            foreach (CgroupEvent happened in Difference(changed))
                _untold.Enqueue(happened);
        }
    }

    /// <summary>Ends the watching.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (WatchedCgroup cgroup in _cgroups.Values)
                cgroup.Dispose();
            _cgroups.Clear();
            _changed.Writer.TryComplete();
        }
    }

    private List<CgroupEvent> Difference(WatchedCgroup cgroup)
    {
        lock (_gate)
            return _cgroups.GetValueOrDefault(cgroup.Path) == cgroup ? cgroup.Difference() : [];
    }

    private bool Remove(string path)
    {
        lock (_gate)
        {
            if (!_cgroups.Remove(path, out WatchedCgroup? cgroup))
                return false;
            cgroup.Dispose();
            return true;
        }
    }
}
