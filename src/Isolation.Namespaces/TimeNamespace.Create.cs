using Isolation.Syscalls;

namespace Isolation.Namespaces;

public sealed partial class TimeNamespace
{
    /// <summary>
    /// Makes a time namespace with clocks of its own that no process is in and only the handle holds. Programs enter it when
    /// they are started in it (time_namespaces(7)).
    /// </summary>
    /// <exception cref="LinuxException">EPERM: needs CAP_SYS_ADMIN and CAP_SYS_TIME; ERANGE: a clock would be negative, or go past 146 years.</exception>
    public static TimeNamespace Create(TimeOffsets offsets)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        return ThrowawayThread.Run(() =>
        {
            NewNamespace.Unshare(NamespaceKinds.Time);

            // The file is one of processes, but each thread has it under its own id: /proc/thread-self is a link to PID/task/TID.
            string thread = Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!);
            string path = $"/proc/{thread}/timens_offsets";
            try
            {
                File.WriteAllText(path, offsets.ToKernelText());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                var errno = e is UnauthorizedAccessException ? Errno.EPERM : (Errno)(e.HResult & 0xff);
                throw new LinuxException("set the clocks in", path, errno, "write", errno == Errno.ERANGE ? "No clock may become negative, or go past 146 years" : null);
            }

            return TimeNamespace.Open("/proc/thread-self/ns/time_for_children");
        });
    }
}
