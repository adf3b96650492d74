using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs;

/// <summary>
/// What openat2(2) does with RESOLVE_IN_ROOT, one component at a time. Each directory is held by a descriptor that was
/// opened without following a link; <c>..</c> goes back to the descriptor before, so a directory that is moved meanwhile
/// leads nowhere else; links are read and walked as text.
/// </summary>
internal sealed unsafe class WalkingResolver : PathResolver
{
    private const long GoOn = long.MinValue;

    /// <inheritdoc/>
    public override long Open(int root, ReadOnlySpan<byte> path, int flags, int mode = 0, bool sameMount = false)
    {
        if (path.Length > MaxPath)
            return -(long)Errno.ENAMETOOLONG;
        for (int attempt = 1; ; attempt++)
        {
            using var walk = new PathWalk(root, sameMount);
            walk.Push(path[..^1]);
            long result = Walk(walk, flags, mode);

            // What was no link when it was looked at became one before it was opened.
            if (result != -(long)Errno.EAGAIN || attempt == MaxAttempts)
                return result;
        }
    }

    private static long Walk(PathWalk walk, int flags, int mode)
    {
        while (walk.TryNext(out byte[] name, out bool isLast))
        {
            if (name is [(byte)'.', 0] or [(byte)'.', (byte)'.', 0])
            {
                if (name.Length == 3)
                    walk.Leave();
                if (!isLast)
                    continue;
                fixed (byte* here = "."u8)
                    return OpenAt(walk.Current, here, flags & ~NoFollow, mode);
            }

            long result = Step(walk, name, isLast, flags, mode);
            if (result != GoOn)
                return result;
        }

        // A path of slashes only.
        fixed (byte* here = "."u8)
            return OpenAt(walk.Current, here, flags & ~NoFollow, mode);
    }

    /// <returns>The result, or <see cref="GoOn"/>.</returns>
    private static long Step(PathWalk walk, byte[] name, bool isLast, int flags, int mode)
    {
        fixed (byte* bytes = name)
        {
            long opened = OpenAt(walk.Current, bytes, OpenPath | NoFollow, 0);
            if (opened == -(long)Errno.ENOENT && isLast && (flags & PathConstants.Create) != 0)
                return AgainIfLink(OpenAt(walk.Current, bytes, flags | NoFollow, mode));
            if (opened < 0)
                return opened;

            bool keep = false;
            try
            {
                if (FileStatus.TryRead((int)opened, "\0"u8, out FileStatus status) is < 0 and var failure)
                    return failure;
                if (status.IsSymbolicLink && !(isLast && (flags & NoFollow) != 0))
                {
                    if (isLast && (flags & Exclusive) != 0)
                        return -(long)Errno.EEXIST;
                    return walk.Follow((int)opened) is < 0 and var refused ? refused : GoOn;
                }

                if (!walk.IsAllowed(status))
                    return -(long)Errno.EXDEV;
                if (!isLast)
                {
                    if (!status.IsDirectory)
                        return -(long)Errno.ENOTDIR;
                    keep = true;
                    walk.Enter((int)opened);
                    return GoOn;
                }

                if ((flags & OpenPath) == 0)
                    return AgainIfLink(status.IsSymbolicLink ? -(long)Errno.EMLINK : OpenAt(walk.Current, bytes, flags | NoFollow, mode));
                if ((flags & OpenDirectory) != 0 && !status.IsDirectory)
                    return -(long)Errno.ENOTDIR;
                keep = true;
                return opened;
            }
            finally
            {
                if (!keep)
                    Sys.Call(SyscallNumber.Close, (nint)opened);
            }
        }
    }

    // open(2), O_NOFOLLOW: ELOOP for a link. One that was there from the start came as EMLINK.
    private static long AgainIfLink(long result) => result switch
    {
        -(long)Errno.ELOOP => -(long)Errno.EAGAIN,
        -(long)Errno.EMLINK => -(long)Errno.ELOOP,
        _ => result,
    };
}
