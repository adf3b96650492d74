using System.Globalization;
using Isolation.Syscalls;

namespace Isolation.Namespaces;

/// <summary>Files of /proc/PID (proc(5)).</summary>
internal static class ProcessFile
{
    /// <summary>Reads a file of a process whole.</summary>
    /// <exception cref="LinuxException">ESRCH: no such process; EACCES: it is not the caller's to read.</exception>
    public static string Read(int processId, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        string process = processId.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadAllText($"/proc/{process}/{name}");
        }
        catch (UnauthorizedAccessException)
        {
            throw new LinuxException($"read {name} of process", process, Errno.EACCES);
        }
        catch (IOException e)
        {
            throw new LinuxException(
                $"read {name} of process",
                process,
                Errno.ESRCH,
                null,
                Directory.Exists($"/proc/{process}") ? $"The process is there, its {name} is not: {e.Message}" : null);
        }
    }
}
