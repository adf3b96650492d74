namespace Isolation.Syscalls;

/// <summary>How a child ended (waitid(2)).</summary>
/// <param name="Status">The exit code, 0 to 255; <see langword="null"/> when a signal ended it, or nobody can know.</param>
/// <param name="Signal">The number of the signal that ended it; 0 when none did.</param>
/// <param name="ResourceUsage">What it used; <see langword="null"/> when something else reaped it first.</param>
public sealed record ProcessExit(int? Status, int Signal, ResourceUsage? ResourceUsage)
{
    /// <summary>
    /// Whether the status is known. It is not when something else in the process reaped the child: the .NET runtime does
    /// as process 1, or with SIGCHLD ignored from the start. Linux 6.15 and later can still tell; older kernels cannot.
    /// </summary>
    public bool IsKnown => Status is not null || Signal != 0;

    /// <summary>From the status word of wait(2), as PIDFD_GET_INFO gives it.</summary>
    internal static ProcessExit FromWaitStatus(int status)
        => (status & 0x7f) == 0 ? new ProcessExit((status >> 8) & 0xff, 0, null) : new ProcessExit(null, status & 0x7f, null);
}
