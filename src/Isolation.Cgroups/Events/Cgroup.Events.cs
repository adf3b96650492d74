using Isolation.Cgroups.Events;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>How often limits of memory were met, in it and below it (<c>memory.events</c>).</summary>
    public MemoryEvents ReadMemoryEvents() => new(System.Text.Encoding.ASCII.GetBytes(_directory.Read("memory.events")));

    /// <summary>Waits until neither it nor those below it have processes. One that is removed has none.</summary>
    /// <remarks>No thread waits. All that wait share one inotify(7) instance.</remarks>
    /// <exception cref="CgroupException">ENOENT: it is the root cgroup; ENOSPC: fs.inotify.max_user_watches is reached.</exception>
    public async Task WaitUntilEmptyAsync(CancellationToken cancellationToken = default)
    {
        // Not disposed, for it may be released once more when the watch is gone; it holds nothing.
        var changed = new SemaphoreSlim(0);
        if (WatchIfThere(() => changed.Release()) is not { } watch)
            return;
        using IDisposable ends = watch;
        using IDisposable? removal = Inotify.AddRemoval(_directory, () => changed.Release());
        while (IsPopulatedIfThere())
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private IDisposable? WatchIfThere(Action changed)
    {
        try
        {
            return Inotify.Add(_directory, "cgroup.events", changed);
        }
        catch (CgroupException e) when (e.Errno == Errno.ENODEV)
        {
            return null;
        }
    }

    private bool IsPopulatedIfThere()
    {
        try
        {
            return IsPopulated;
        }
        catch (CgroupException e) when (e.Errno == Errno.ENODEV)
        {
            return false;
        }
    }
}
