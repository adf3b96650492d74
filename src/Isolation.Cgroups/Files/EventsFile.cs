using Isolation.Cgroups.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups.Files;

/// <summary>An open <c>cgroup.events</c>: what it says, and waiting until it says something else.</summary>
internal sealed class EventsFile : IDisposable
{
    // The kernel tells at most one change in 10 ms of each file (CGROUP_FILE_NOTIFY_MIN_INTV), and the second one late. What is
    // about to happen is seen sooner by looking.
    private const int Looks = 50;

    private static readonly KeyTable s_keys = new("populated", "frozen");

    private readonly SafeFileHandle _handle;
    private readonly string _cgroup;

    public EventsFile(CgroupDirectory directory)
    {
        _handle = directory.OpenFile("cgroup.events");
        _cgroup = directory.Path;
    }

    public bool IsPopulated { get; private set; }

    public bool IsFrozen { get; private set; }

    /// <summary>Waits until a condition holds. Returns false when the time is up.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool WaitUntil(Func<EventsFile, bool> condition, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < Looks; i++)
        {
            Read();
            if (condition(this))
                return true;
            Thread.Yield();
        }

        long deadline = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            Read();
            if (condition(this))
                return true;
            cancellationToken.ThrowIfCancellationRequested();
            long left = deadline - Environment.TickCount64;
            if (left <= 0)
                return false;

            // Cancellation is looked for now and then.
            PollEvents.WaitForChange((int)_handle.DangerousGetHandle(), TimeSpan.FromMilliseconds(Math.Min(left, cancellationToken.CanBeCanceled ? 50 : 1000)));
        }
    }

    public void Dispose() => _handle.Dispose();

    private void Read()
    {
        Span<byte> text = stackalloc byte[256];
        int length = FileReader.Read(_handle, text, 0, _cgroup, "cgroup.events");
        Span<long> values = stackalloc long[2];
        values.Clear();
        FlatKeyed.Read(text[..length], s_keys, values);
        IsPopulated = values[0] != 0;
        IsFrozen = values[1] != 0;
    }
}
