using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether all processes in it and below it stand still (<c>cgroup.events</c>).</summary>
    public bool IsFrozen => FlatKeyed.Number(_directory.Read("cgroup.events"), "frozen") is 1;

    /// <summary>Stops all processes in it and below it, and returns when they stand still. They can be killed while they do.</summary>
    /// <param name="timeout">How long to wait at most: 10 s if null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TimeoutException">One of them, such as one that waits in the kernel, did not stop in time. The cgroup is being frozen all the same; <see cref="Thaw"/> ends that.</exception>
    /// <exception cref="CgroupException">ENOENT: this is the root cgroup; ENODEV: it has been removed.</exception>
    public void Freeze(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => Switch("1", static e => e.IsFrozen, "stop", timeout, cancellationToken);

    /// <summary>Lets the processes go on, and returns when they do. A cgroup that is frozen with one above it stays so.</summary>
    /// <remarks>Where there is no process there is nothing to wait for: the kernel may go on saying of an empty cgroup that it is frozen (seen with Linux 6.18, when the last ones were killed), until a process enters.</remarks>
    /// <param name="timeout">How long to wait at most: 10 s if null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TimeoutException">They did not go on in time, such as because a cgroup above is frozen.</exception>
    public void Thaw(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => Switch("0", static e => !e.IsFrozen || !e.IsPopulated, "go on", timeout, cancellationToken);

    /// <summary>As <see cref="Freeze"/>, without blocking a thread that anybody waits for.</summary>
    public Task FreezeAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => Task.Run(() => Freeze(timeout, cancellationToken), cancellationToken);

    /// <summary>As <see cref="Thaw"/>, without blocking a thread that anybody waits for.</summary>
    public Task ThawAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => Task.Run(() => Thaw(timeout, cancellationToken), cancellationToken);

    private void Switch(string value, Func<EventsFile, bool> done, string what, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        _directory.Write("cgroup.freeze", value);
        using var events = new EventsFile(_directory);
        if (!events.WaitUntil(done, timeout ?? s_patience, cancellationToken))
            throw new TimeoutException($"The processes of the cgroup {Path} did not {what} within {timeout ?? s_patience}.");
    }
}
