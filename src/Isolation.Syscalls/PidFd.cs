using System.Globalization;
using System.Runtime.CompilerServices;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Syscalls;

/// <summary>A descriptor of a process (pidfd_open(2)): unlike a process id it never means another process.</summary>
public sealed unsafe class PidFd : SafeHandleMinusOneIsInvalid
{
    private const int WaitByPidFd = 3, Exited = 4, NoHang = 1, All = 0x40000000;

    internal PidFd(int descriptor)
        : base(ownsHandle: true)
        => SetHandle(descriptor);

    /// <summary>Opens a process by its id.</summary>
    /// <exception cref="LinuxException">ESRCH: no such process.</exception>
    public static PidFd Open(int processId)
        => new((int)Sys.Check("open the process", processId.ToString(CultureInfo.InvariantCulture), SyscallNumber.PidfdOpen, processId, 0));

    /// <summary>The process id in the caller's pid namespace, or <see langword="null"/> when it has gone or is not visible there.</summary>
    public int? ProcessId
    {
        get
        {
            // proc(5), fdinfo of a pidfd: "Pid:" is 0 for a process that is not visible, -1 for one that was reaped.
            foreach (string line in File.ReadLines($"/proc/self/fdinfo/{handle}"))
            {
                if (line.StartsWith("Pid:", StringComparison.Ordinal))
                    return int.Parse(line.AsSpan(4), NumberStyles.AllowLeadingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) is > 0 and var id ? id : null;
            }

            return null;
        }
    }

    /// <summary>Sends a signal (pidfd_send_signal(2)).</summary>
    /// <param name="signal">The signal's number, 1 to 64.</param>
    /// <returns>False when the process is gone already.</returns>
    /// <exception cref="LinuxException">EPERM, EINVAL.</exception>
    public bool Signal(int signal)
    {
        using var use = new DescriptorUse(this);
        long result = Sys.Call(SyscallNumber.PidfdSendSignal, use.Descriptor, signal, 0, 0);
        return result >= 0 || (result == -(long)Errno.ESRCH ? false : throw new LinuxException("send signal", signal.ToString(CultureInfo.InvariantCulture), (Errno)(-result), "pidfd_send_signal"));
    }

    /// <summary>Reaps the process if it is a child of this process and has ended.</summary>
    /// <returns>How it ended, or <see langword="null"/> when it still runs.</returns>
    internal ProcessExit? TryReap()
    {
        using var use = new DescriptorUse(this);
        SignalInfo info = default;
        Usage usage = default;
        long result;
        do
        {
            result = Sys.Call(SyscallNumber.Waitid, WaitByPidFd, use.Descriptor, (nint)(&info), Exited | NoHang | All, (nint)(&usage));
        }
        while (result == -(long)Errno.EINTR);
        if (result == -(long)Errno.ECHILD)
            return HasEnded(use.Descriptor) ? StatusAfterReaping(use.Descriptor) : null;
        if (result < 0)
            throw new LinuxException("wait for", "the child", (Errno)(-result), "waitid");
        if (info.Signal == 0)
            return null;
        ResourceUsage used = ResourceUsage.Read(usage);
        const int Exit = 1;
        return info.Code == Exit ? new ProcessExit(info.Status, 0, used) : new ProcessExit(null, info.Status, used);
    }

    /// <summary>Whether it is a child of this process that has not been reaped.</summary>
    internal bool IsChild
    {
        get
        {
            const int NoWait = 0x1000000;
            using var use = new DescriptorUse(this);
            SignalInfo info = default;
            return Sys.Call(SyscallNumber.Waitid, WaitByPidFd, use.Descriptor, (nint)(&info), Exited | NoHang | NoWait | All, 0) != -(long)Errno.ECHILD;
        }
    }

    /// <summary>Waits until the process has ended; a child remains to be reaped.</summary>
    /// <returns>False when the time was up.</returns>
    internal bool WaitUntilEnded(TimeSpan timeout)
    {
        using var use = new DescriptorUse(this);
        return Poll.Readable(use.Descriptor, timeout);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Sys.Call(SyscallNumber.Close, (int)handle) == 0;

    private static bool HasEnded(int descriptor) => Poll.Readable(descriptor, TimeSpan.Zero);

    // ioctl(2) PIDFD_GET_INFO with PIDFD_INFO_EXIT, Linux 6.15: the status outlives the reaping.
    private static ProcessExit StatusAfterReaping(int descriptor)
    {
        const uint GetInfo = 0xc040ff0b;
        const ulong ExitInfo = 8;
        PidFdInfo info = new() { Mask = ExitInfo };
        long result = Sys.Call(SyscallNumber.Ioctl, descriptor, unchecked((nint)GetInfo), (nint)(&info));
        return result == 0 && (info.Mask & ExitInfo) != 0 ? ProcessExit.FromWaitStatus(info.ExitCode) : new ProcessExit(null, 0, null);
    }

    /// <summary>siginfo_t as waitid(2) fills it.</summary>
    private struct SignalInfo
    {
        public int Signal;
        public int Errno;
        public int Code;
        public int Padding;
        public int ProcessId;
        public int UserId;
        public int Status;
        private Rest _rest;

        [InlineArray(100)]
        private struct Rest
        {
            private byte _first;
        }
    }

    [InlineArray(18)]
    private struct Usage
    {
        private long _first;
    }

    /// <summary>struct pidfd_info, its first published size.</summary>
    private struct PidFdInfo
    {
        public ulong Mask;
        public ulong CgroupId;
        private Ids _ids;
        public int ExitCode;

        [InlineArray(11)]
        private struct Ids
        {
            private uint _first;
        }
    }
}
