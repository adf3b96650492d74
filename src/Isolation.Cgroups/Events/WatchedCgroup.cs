using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups.Events;

/// <summary>A cgroup that is watched: what was last told of it, and what has changed since.</summary>
internal sealed class WatchedCgroup : IDisposable
{
    private static readonly (string File, KeyTable Keys, CgroupEventKind[] Kinds)[] s_counts =
    [
        ("memory.events", new KeyTable("high", "max", "oom", "oom_kill"), [CgroupEventKind.MemoryHigh, CgroupEventKind.MemoryMax, CgroupEventKind.Oom, CgroupEventKind.OomKill]),
        ("pids.events", new KeyTable("max"), [CgroupEventKind.PidsMax]),
    ];

    private readonly CgroupDirectory _directory;
    private readonly List<IDisposable> _watches = [];
    private readonly long[][] _counts = [.. s_counts.Select(static c => new long[c.Kinds.Length])];
    private bool _populated, _frozen;
    private int _queued;

    public WatchedCgroup(CgroupDirectory directory, Action<WatchedCgroup> changed)
    {
        _directory = directory;
        try
        {
            void Queue()
            {
                if (Interlocked.Exchange(ref _queued, 1) == 0)
                    changed(this);
            }

            // Watched first, read then: a change between the two is told once more than needed, never once less.
            _watches.Add(Inotify.Add(directory, "cgroup.events", Queue));
            if (Inotify.AddRemoval(directory, Queue) is { } removal)
                _watches.Add(removal);
            foreach ((string file, _, _) in s_counts)
            {
                if (directory.Has(file))
                    _watches.Add(Inotify.Add(directory, file, Queue));
            }

            string events = directory.Read("cgroup.events");
            (_populated, _frozen) = (FlatKeyed.Number(events, "populated") is 1, FlatKeyed.Number(events, "frozen") is 1);
            for (int i = 0; i < s_counts.Length; i++)
                ReadCounts(i, _counts[i]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path => _directory.Path;

    /// <summary>What has happened since the last time.</summary>
    public List<CgroupEvent> Difference()
    {
        Volatile.Write(ref _queued, 0);
        var events = new List<CgroupEvent>();
        try
        {
            for (int i = 0; i < s_counts.Length; i++)
            {
                long[] before = [.. _counts[i]];
                ReadCounts(i, _counts[i]);
                for (int k = 0; k < before.Length; k++)
                {
                    if (_counts[i][k] > before[k])
                        events.Add(new CgroupEvent(Path, s_counts[i].Kinds[k], _counts[i][k] - before[k]));
                }
            }

            string text = _directory.Read("cgroup.events");
            Tell(ref _frozen, FlatKeyed.Number(text, "frozen") is 1, CgroupEventKind.Frozen, CgroupEventKind.Thawed, events);
            Tell(ref _populated, FlatKeyed.Number(text, "populated") is 1, CgroupEventKind.Populated, CgroupEventKind.Emptied, events);
        }
        catch (CgroupException e) when (e.Errno is Errno.ENODEV or Errno.ENOENT)
        {
            Tell(ref _populated, false, CgroupEventKind.Populated, CgroupEventKind.Emptied, events);
            events.Add(new CgroupEvent(Path, CgroupEventKind.Removed, 1));
        }

        return events;
    }

    public void Dispose()
    {
        foreach (IDisposable watch in _watches)
            watch.Dispose();
        _directory.Dispose();
    }

    private void Tell(ref bool state, bool now, CgroupEventKind on, CgroupEventKind off, List<CgroupEvent> events)
    {
        if (state == now)
            return;
        state = now;
        events.Add(new CgroupEvent(Path, now ? on : off, 1));
    }

    private void ReadCounts(int index, Span<long> counts)
    {
        if (_directory.ReadIfThere(s_counts[index].File) is { } text)
            FlatKeyed.Read(System.Text.Encoding.ASCII.GetBytes(text), s_counts[index].Keys, counts);
    }
}
