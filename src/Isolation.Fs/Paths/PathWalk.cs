using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs;

/// <summary>Where a walk is: the descriptors of the directories from the root to here, and the components to come.</summary>
internal sealed unsafe class PathWalk : IDisposable
{
    private readonly int _root;
    private readonly ulong? _mount;
    private readonly Stack<int> _trail = new();
    private readonly Stack<byte[]> _rest = new();
    private int _links;

    public PathWalk(int root, bool sameMount)
    {
        _root = root;
        if (sameMount && FileStatus.TryRead(root, "\0"u8, out FileStatus status) == 0)
            _mount = status.MountId;
    }

    /// <summary>The directory that has been reached.</summary>
    public int Current => _trail.TryPeek(out int top) ? top : _root;

    /// <summary>Puts the components of a path before those to come; a slash at its end counts as a dot after it.</summary>
    public void Push(ReadOnlySpan<byte> path)
    {
        if (path is [.., (byte)'/'])
            _rest.Push(".\0"u8.ToArray());
        while (path.Length > 0)
        {
            int slash = path.LastIndexOf((byte)'/');
            if (slash + 1 < path.Length)
                _rest.Push([.. path[(slash + 1)..], 0]);
            path = path[..Math.Max(slash, 0)];
        }
    }

    public bool TryNext(out byte[] name, out bool isLast)
    {
        bool any = _rest.TryPop(out byte[]? next);
        name = next ?? [];
        isLast = _rest.Count == 0;
        return any;
    }

    public void Enter(int directory) => _trail.Push(directory);

    /// <summary>Goes back to the directory before; at the root it stays.</summary>
    public void Leave()
    {
        if (_trail.TryPop(out int left))
            Sys.Call(SyscallNumber.Close, left);
    }

    /// <summary>Whether a file is in the mount that the walk may not leave.</summary>
    public bool IsAllowed(FileStatus status) => _mount is null || status.MountId == _mount;

    /// <summary>Goes where a link says.</summary>
    /// <returns>0, or a negative errno.</returns>
    public long Follow(int link)
    {
        if (++_links > MaxLinks)
            return -(long)Errno.ELOOP;
        Span<byte> target = stackalloc byte[MaxPath];
        long length;
        byte none = 0;
        fixed (byte* buffer = target)
            length = Sys.Call(SyscallNumber.ReadlinkAt, link, (nint)(&none), (nint)buffer, target.Length);
        if (length <= 0)
            return length < 0 ? length : -(long)Errno.ENOENT;
        target = target[..(int)length];
        if (IsMagic(link, target))
            return -(long)Errno.ELOOP;
        if (target[0] == '/')
            Restart();
        Push(target);
        return 0;
    }

    public void Dispose() => Restart();

    private void Restart()
    {
        while (_trail.Count > 0)
            Leave();
    }

    // proc(5): its ordinary links lead to a process's folder, relative to where they are; all others are magic. Walked as
    // text they would lead nowhere outside either, but the kernel refuses them, and so does this.
    private static bool IsMagic(int link, ReadOnlySpan<byte> target)
    {
        StatfsBuffer fileSystem;
        return Sys.Call(SyscallNumber.Fstatfs, link, (nint)(&fileSystem)) == 0
            && fileSystem.Type == ProcSuperMagic
            && !(char.IsAsciiDigit((char)target[0]) || target.StartsWith("self/"u8));
    }
}
