using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces.Visits;

/// <summary>
/// Tells whether a thread is as it was made, as far as the kernel shows it: its namespaces, ids, capabilities, filters, signal
/// mask and so on, and what it shares with the process.
/// </summary>
/// <remarks>To be made and asked on the thread itself. Visits wait for it, so it asks for no more than it must.</remarks>
internal sealed unsafe class ThreadState : IDisposable
{
    // linux/kcmp.h.
    private const int KCMP_FILES = 2, KCMP_FS = 3, KCMP_SYSVSEM = 6;

    private static readonly int s_home = HomeThread.Run(static () => (int)Sys.Call(SyscallNumber.GetTid));

    // No look at the user namespace, which a thread of several cannot change, nor at the mount namespace, which it cannot
    // while it shares its working directory (setns(2), unshare(2)).
    private static readonly (NamespaceKinds Kind, byte[] File)[] s_kinds =
    [
        (NamespaceKinds.Network, "net\0"u8.ToArray()),
        (NamespaceKinds.Uts, "uts\0"u8.ToArray()),
        (NamespaceKinds.Ipc, "ipc\0"u8.ToArray()),
        (NamespaceKinds.Cgroup, "cgroup\0"u8.ToArray()),
        (NamespaceKinds.Pid, "pid_for_children\0"u8.ToArray()),
        (NamespaceKinds.Time, "time_for_children\0"u8.ToArray()),
    ];

    private readonly int _self = (int)Sys.Call(SyscallNumber.GetTid);
    private readonly SafeFileHandle _folder = Open("/proc/thread-self/ns\0"u8);
    private readonly ThreadStatus _status = new(Open("/proc/thread-self/status\0"u8));
    private readonly byte[][] _namespaces;

    public ThreadState()
    {
        Span<byte> link = stackalloc byte[64];
        _namespaces = new byte[s_kinds.Length][];
        for (int i = 0; i < s_kinds.Length; i++)
            _namespaces[i] = link[..ReadLink(s_kinds[i].File, link)].ToArray();
    }

    /// <summary>Whether nothing has changed. False, too, where the kernel does not tell.</summary>
    /// <param name="restored">Kinds of namespaces that the thread has just returned to, which need no look.</param>
    public bool IsAsMade(NamespaceKinds restored)
    {
        // No file shows a descriptor table, a working directory or a list of semaphore operations of a thread's own.
        foreach (int resource in (ReadOnlySpan<int>)[KCMP_FILES, KCMP_FS, KCMP_SYSVSEM])
        {
            if (Sys.Call(SyscallNumber.Kcmp, _self, s_home, resource) != 0)
                return false;
        }

        Span<byte> link = stackalloc byte[64];
        for (int i = 0; i < s_kinds.Length; i++)
        {
            if (!restored.HasFlag(s_kinds[i].Kind) && !link[..ReadLink(s_kinds[i].File, link)].SequenceEqual(_namespaces[i]))
                return false;
        }

        return _status.IsUnchanged();
    }

    public void Dispose()
    {
        _folder.Dispose();
        _status.Dispose();
    }

    private static SafeFileHandle Open(ReadOnlySpan<byte> path)
    {
        const int CurrentDirectory = -100, CloseOnExec = 0x80000;
        fixed (byte* name = path)
            return new SafeFileHandle((nint)Sys.Call(SyscallNumber.OpenAt, CurrentDirectory, (nint)name, CloseOnExec), ownsHandle: true);
    }

    // A kernel without the kind has no such file: length 0, before and after.
    private int ReadLink(byte[] file, Span<byte> link)
    {
        fixed (byte* name = file, target = link)
            return (int)Math.Max(0, Sys.Call(SyscallNumber.ReadlinkAt, _folder.DangerousGetHandle(), (nint)name, (nint)target, link.Length));
    }
}
