using System.Runtime.InteropServices;
using System.Text;
using Isolation.Cgroups.Files;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups.Events;

/// <summary>One inotify(7) instance for all files that anybody watches, on the thread of the event loop.</summary>
/// <remarks>cgroup-v2.rst: a file whose content changes makes a modified event.</remarks>
internal static unsafe class Inotify
{
    private const int NonBlocking = 0x800, CloseOnExec = 0x80000, HeaderSize = 16;
    private const uint Modified = 2, Overflow = 0x4000;

    private static readonly Lock s_gate = new();
    private static readonly Dictionary<int, List<Watch>> s_watches = [];
    private static SafeFileHandle? s_inotify;

    /// <summary>Calls back at each change of a file, on the loop's thread, until the watch is disposed. It must neither block nor throw.</summary>
    /// <exception cref="CgroupException">ENOENT: there is no such file; ENOSPC, EMFILE: too much is watched, and the message names the limit.</exception>
    public static IDisposable Add(CgroupDirectory directory, string file, Action changed)
    {
        lock (s_gate)
        {
            SafeFileHandle inotify = s_inotify ??= Create();
            int number;
            fixed (byte* path = Encoding.UTF8.GetBytes($"/proc/self/fd/{directory.Handle.DangerousGetHandle()}/{file}\0"))
            {
                long result = Sys.Call(SyscallNumber.InotifyAddWatch, inotify.DangerousGetHandle(), (nint)path, (nint)Modified);
                if (result < 0)
                {
                    throw Hints.Failure("watch", directory.Path, file, null, (Errno)(-result), "inotify_add_watch", (Errno)(-result) == Errno.ENOSPC
                        ? "fs.inotify.max_user_watches is reached"
                        : (Errno)(-result) == Errno.ENOENT ? KernelVersions.WhyMissing(file) : null);
                }

                number = (int)result;
            }

            var watch = new Watch(number, changed);
            ref List<Watch>? watches = ref CollectionsMarshal.GetValueRefOrAddDefault(s_watches, number, out _);
            (watches ??= []).Add(watch);
            return watch;
        }
    }

    private static SafeFileHandle Create()
    {
        long result = Sys.Call(SyscallNumber.InotifyInit1, NonBlocking | CloseOnExec);
        if (result < 0)
            throw new LinuxException("watch cgroups", null, (Errno)(-result), "inotify_init1", (Errno)(-result) == Errno.EMFILE ? "fs.inotify.max_user_instances or the limit of descriptors is reached" : null);
        var inotify = new SafeFileHandle((nint)result, ownsHandle: true);
        EventLoop.WhenReadable(inotify, static () => Receive());
        return inotify;
    }

    private static void Receive()
    {
        const int Size = 4096;
        byte* buffer = stackalloc byte[Size];
        var changed = new List<Action>();
        lock (s_gate)
        {
            long length;
            while ((length = Sys.Call(SyscallNumber.Read, s_inotify!.DangerousGetHandle(), (nint)buffer, Size)) > 0)
            {
                // struct inotify_event: the watch, the mask, a cookie, the length of a name behind it.
                for (long at = 0; at + HeaderSize <= length; at += HeaderSize + *(uint*)(buffer + at + 12))
                {
                    int number = *(int*)(buffer + at);
                    if ((*(uint*)(buffer + at + 4) & Overflow) != 0)
                        changed.AddRange(s_watches.Values.SelectMany(static w => w).Select(static w => w.Changed));
                    else if (s_watches.TryGetValue(number, out List<Watch>? watches))
                        changed.AddRange(watches.Select(static w => w.Changed));
                }
            }
        }

        foreach (Action action in changed)
            action();
        EventLoop.WhenReadable(s_inotify!, static () => Receive());
    }

    private static void Remove(Watch watch)
    {
        lock (s_gate)
        {
            if (!s_watches.TryGetValue(watch.Number, out List<Watch>? watches) || !watches.Remove(watch) || watches.Count > 0)
                return;
            s_watches.Remove(watch.Number);

            // Its cgroup may be gone, and the watch with it.
            Sys.Call(SyscallNumber.InotifyRmWatch, s_inotify!.DangerousGetHandle(), watch.Number);
        }
    }

    private sealed class Watch(int number, Action changed) : IDisposable
    {
        public int Number => number;

        public Action Changed => changed;

        public void Dispose() => Remove(this);
    }
}
