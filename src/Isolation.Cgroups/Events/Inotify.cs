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
    private const uint Modified = 2, Deleted = 0x200, OnlyDirectory = 0x1000000, Overflow = 0x4000;

    private const string WatchesReached = "fs.inotify.max_user_watches is reached";

    private static readonly Lock s_gate = new();
    private static readonly Dictionary<int, List<Watch>> s_watches = [];
    private static SafeFileHandle? s_inotify;

    /// <summary>Calls back at each change of a file, on the loop's thread, until the watch is disposed. It must neither block nor throw.</summary>
    /// <exception cref="CgroupException">ENOENT: there is no such file; ENODEV: the cgroup has been removed; ENOSPC, EMFILE: too much is watched, and the message names the limit.</exception>
    public static IDisposable Add(CgroupDirectory directory, string file, Action changed)
    {
        Errno errno = TryAdd(directory, file, Modified, name: null, changed, out Watch? watch);
        return watch ?? throw Hints.Failure("watch", directory.Path, file, null, directory.Reason(errno), "inotify_add_watch", errno == Errno.ENOSPC ? WatchesReached : null);
    }

    /// <summary>
    /// Calls back when a cgroup is removed, as <see cref="Add"/> does. The files of a removed cgroup tell nothing, not even what
    /// changed within the last 10 ms; the directory above tells.
    /// </summary>
    /// <returns>Null where the directory above is not ours to watch.</returns>
    /// <exception cref="CgroupException">ENOSPC: too much is watched.</exception>
    public static IDisposable? AddRemoval(CgroupDirectory directory, Action removed)
    {
        Errno errno = TryAdd(directory, "..", Deleted | OnlyDirectory, Path.GetFileName(directory.Path), removed, out Watch? watch);
        return errno is Errno.None or Errno.EACCES or Errno.ENOENT ? watch : throw Hints.Failure("watch", directory.Path, null, null, errno, "inotify_add_watch", errno == Errno.ENOSPC ? WatchesReached : null);
    }

    private static Errno TryAdd(CgroupDirectory directory, string file, uint mask, string? name, Action changed, out Watch? watch)
    {
        watch = null;
        lock (s_gate)
        {
            SafeFileHandle inotify = s_inotify ??= Create();
            long result;
            fixed (byte* path = Encoding.UTF8.GetBytes($"/proc/self/fd/{directory.Handle.DangerousGetHandle()}/{file}\0"))
                result = Sys.Call(SyscallNumber.InotifyAddWatch, inotify.DangerousGetHandle(), (nint)path, (nint)mask);
            if (result < 0)
                return (Errno)(-result);

            watch = new Watch((int)result, name is null ? null : Encoding.UTF8.GetBytes(name), changed);
            ref List<Watch>? watches = ref CollectionsMarshal.GetValueRefOrAddDefault(s_watches, watch.Number, out _);
            (watches ??= []).Add(watch);
            return Errno.None;
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
                // struct inotify_event: the watch, the mask, a cookie, the length of a name behind it, which zeros fill up.
                for (long at = 0; at + HeaderSize <= length; at += HeaderSize + *(uint*)(buffer + at + 12))
                {
                    int number = *(int*)(buffer + at);
                    var name = new ReadOnlySpan<byte>(buffer + at + HeaderSize, *(int*)(buffer + at + 12));
                    if ((*(uint*)(buffer + at + 4) & Overflow) != 0)
                        changed.AddRange(s_watches.Values.SelectMany(static w => w).Select(static w => w.Changed));
                    else if (s_watches.TryGetValue(number, out List<Watch>? watches))
                        Collect(watches, name.TrimEnd((byte)0), changed);
                }
            }
        }

        foreach (Action action in changed)
            action();
        EventLoop.WhenReadable(s_inotify!, static () => Receive());
    }

    // A file's watches have no name; those of a directory are about one of its entries each.
    private static void Collect(List<Watch> watches, ReadOnlySpan<byte> name, List<Action> changed)
    {
        foreach (Watch watch in watches)
        {
            if (watch.Name is null || name.SequenceEqual(watch.Name))
                changed.Add(watch.Changed);
        }
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

    private sealed class Watch(int number, byte[]? name, Action changed) : IDisposable
    {
        public int Number => number;

        public byte[]? Name => name;

        public Action Changed => changed;

        public void Dispose() => Remove(this);
    }
}
