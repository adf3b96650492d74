using System.Text;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces.Visits;

/// <summary>What the kernel tells of a thread that functions could have changed for the next one: namespaces, ids, capabilities, filters and so on.</summary>
internal static unsafe class ThreadState
{
    private const int CurrentDirectory = -100, CloseOnExec = 0x80000;

    // linux/kcmp.h.
    private const int KCMP_FILES = 2, KCMP_FS = 3, KCMP_SYSVSEM = 6;

    private static readonly int s_home = HomeThread.Run(static () => (int)Sys.Call(SyscallNumber.GetTid));

    /// <summary>As text; null where the kernel does not tell, or where the thread shares less with the process than a thread should.</summary>
    public static string? OfThisThread()
    {
        // A descriptor table, working directory or semaphore list of its own shows in no file.
        int self = (int)Sys.Call(SyscallNumber.GetTid);
        foreach (int resource in (ReadOnlySpan<int>)[KCMP_FILES, KCMP_FS, KCMP_SYSVSEM])
        {
            if (Sys.Call(SyscallNumber.Kcmp, self, s_home, resource) != 0)
                return null;
        }

        var text = new StringBuilder(1024);
        return AddNamespaces(text) && AddStatus(text) ? text.ToString() : null;
    }

    private static bool AddNamespaces(StringBuilder text)
    {
        byte* link = stackalloc byte[64];
        foreach (string file in (ReadOnlySpan<string>)["user", "mnt", "net", "uts", "ipc", "cgroup", "pid_for_children", "time_for_children"])
        {
            fixed (byte* path = Encoding.UTF8.GetBytes($"/proc/thread-self/ns/{file}\0"))
            {
                long length = Sys.Call(SyscallNumber.ReadlinkAt, CurrentDirectory, (nint)path, (nint)link, 64);
                if (length < 0)
                    return false;
                text.Append(Encoding.ASCII.GetString(link, (int)length)).Append('\n');
            }
        }

        return true;
    }

    // proc_pid_status(5).
    private static bool AddStatus(StringBuilder text)
    {
        const int Room = 8192;
        byte* status = stackalloc byte[Room];
        long descriptor, length;
        fixed (byte* path = "/proc/thread-self/status\0"u8)
            descriptor = Sys.Call(SyscallNumber.OpenAt, CurrentDirectory, (nint)path, CloseOnExec);
        if (descriptor < 0)
            return false;
        length = Sys.Call(SyscallNumber.Read, (nint)descriptor, (nint)status, Room);
        Sys.Call(SyscallNumber.Close, (nint)descriptor);
        if (length < 0)
            return false;
        foreach (ReadOnlySpan<char> line in Encoding.ASCII.GetString(status, (int)length).AsSpan().EnumerateLines())
        {
            foreach (string name in (ReadOnlySpan<string>)["Umask:", "Uid:", "Gid:", "Groups:", "SigBlk:", "Cap", "NoNewPrivs:", "Seccomp", "Speculation", "Cpus_allowed:", "Mems_allowed:"])
            {
                if (line.StartsWith(name, StringComparison.Ordinal))
                    text.Append(line).Append('\n');
            }
        }

        return true;
    }
}
