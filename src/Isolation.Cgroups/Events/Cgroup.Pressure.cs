using System.Globalization;
using System.Runtime.CompilerServices;
using Isolation.Cgroups.Events;
using Isolation.Cgroups.Files;
using Isolation.Cgroups.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>How much time was lost for want of a resource.</summary>
    /// <exception cref="CgroupException">ENOENT or EOPNOTSUPP: the kernel was built without, or started with psi=0.</exception>
    public Pressure ReadPressure(PressureResource resource) => Pressure.Read(System.Text.Encoding.ASCII.GetBytes(_directory.Read(PressureFiles.Name(resource))));

    /// <summary>Tells each time that so much time was lost within a window (psi.rst, "triggers"), at most once a window.</summary>
    /// <param name="resource">For want of what.</param>
    /// <param name="threshold">How much lost time.</param>
    /// <param name="window">Within which time: 500 ms to 10 s. Without CAP_SYS_RESOURCE it is a multiple of 2 s.</param>
    /// <param name="full">Whether all processes that could run must have waited, not just one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The pressure at each time.</returns>
    /// <remarks>No thread waits: all triggers share one.</remarks>
    /// <exception cref="CgroupException">EINVAL: the window or the threshold is refused; EOPNOTSUPP: the kernel keeps no pressure; ENODEV: the cgroup has been removed.</exception>
    public async IAsyncEnumerable<Pressure> WatchPressureAsync(PressureResource resource, TimeSpan threshold, TimeSpan window, bool full = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(threshold, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, threshold);
        string file = PressureFiles.Name(resource);
        string trigger = string.Create(CultureInfo.InvariantCulture, $"{(full ? "full" : "some")} {threshold.Ticks / TimeSpan.TicksPerMicrosecond} {window.Ticks / TimeSpan.TicksPerMicrosecond}");
        using SafeFileHandle handle = OpenTrigger(file, trigger);

        // Not disposed, for it may be released once more when the watch is gone; it holds nothing.
        var fired = new SemaphoreSlim(0);
        bool isRemoved = false;
        using IDisposable watch = PressureTriggers.Add(handle, isEnd =>
        {
            isRemoved |= isEnd;
            fired.Release();
        });
        while (true)
        {
            await fired.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (isRemoved)
                throw Hints.Failure("watch", Path, file, null, Errno.ENODEV, null);
            yield return ReadPressure(resource);
        }
    }

    private unsafe SafeFileHandle OpenTrigger(string file, string trigger)
    {
        SafeFileHandle handle = _directory.OpenFile(file, FileConstants.ReadWrite | FileConstants.NonBlocking);
        fixed (byte* bytes = System.Text.Encoding.ASCII.GetBytes(trigger + '\0'))
        {
            long result = Sys.Call(SyscallNumber.Write, handle.DangerousGetHandle(), (nint)bytes, trigger.Length + 1);
            if (result >= 0)
                return handle;
            handle.Dispose();
            throw Hints.Failure("write", Path, file, trigger, (Errno)(-result), "write", (Errno)(-result) == Errno.EINVAL ? "A window is 500 ms to 10 s, and without CAP_SYS_RESOURCE a multiple of 2 s" : null);
        }
    }
}
