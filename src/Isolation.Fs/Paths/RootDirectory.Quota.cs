using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;
using static Isolation.Fs.Interop.QuotaConstants;

namespace Isolation.Fs;

/// <content>Projects: how much a tree of directories may hold, on ext4, XFS and f2fs that are mounted with prjquota (ext4(5), xfs(5)).</content>
public sealed unsafe partial class RootDirectory
{
    /// <summary>The project that a file or directory counts towards (FS_IOC_FSGETXATTR); 0 stands for none.</summary>
    /// <exception cref="LinuxException">EOPNOTSUPP: the file system knows no projects. ENOENT, EACCES, ELOOP.</exception>
    public uint GetProject(string path = "/")
    {
        const string Operation = "look up the project of";
        using SafeFileHandle file = OpenIn(Operation, path, NonBlocking | NoTerminal);
        return ReadProject(Operation, path, file).Project;
    }

    /// <summary>
    /// Has a directory, the files and directories in it, and those that are made in it later, count towards a project
    /// (FS_IOC_FSSETXATTR). Links and devices in it, which take no room, and what is mounted below, stay as they are.
    /// </summary>
    /// <param name="project">The project's id, which the caller chooses; 0 for none.</param>
    /// <param name="path">The directory.</param>
    /// <exception cref="LinuxException">
    /// EOPNOTSUPP: the file system knows no projects. EPERM: it takes the initial user namespace. ENOTDIR, ENOENT, EACCES. A part of the
    /// tree may count towards the project then.
    /// </exception>
    public void SetProject(uint project, string path = "/")
    {
        const string Operation = "set the project of";
        if (project == uint.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(project), "4294967295 is no project.");

        // The directory first: what is made in it from here on is the project's already.
        using (SafeFileHandle directory = OpenIn(Operation, path, OpenDirectory | NoTerminal))
            WriteProject(Operation, path, directory, project, isDirectory: true);
        foreach ((RootEntry entry, SafeFileHandle parent, byte[] name) in WalkWithDirectories(path))
        {
            if (entry.Status.Kind is not (FileKind.Regular or FileKind.Directory))
                continue;
            long opened = _resolver.Open((int)parent.DangerousGetHandle(), name, NonBlocking | NoTerminal | NoFollow, sameMount: true);
            if ((Errno)(-opened) is Errno.ENOENT or Errno.ELOOP or Errno.EXDEV)
                continue;
            Check(Operation, entry.Path, SyscallNumber.OpenAt2, opened, null);
            using var file = new SafeFileHandle((nint)opened, ownsHandle: true);
            FileStatus status = FileStatus.Of(file, Show(entry.Path));
            if (status.Kind is FileKind.Regular or FileKind.Directory)
                WriteProject(Operation, entry.Path, file, project, status.IsDirectory);
        }
    }

    /// <summary>The bounds and the use of a project, in the file system that a path leads to (quotactl_fd(2), Q_GETQUOTA; Linux 5.14).</summary>
    /// <param name="project">The project's id.</param>
    /// <param name="path">A path in the file system.</param>
    /// <exception cref="LinuxException">ESRCH: quotas of projects are not switched on. ENOTBLK, ENOSYS: the file system, or the kernel, has none.</exception>
    public ProjectQuota GetProjectQuota(uint project, string path = "/")
    {
        QuotaBuffer quota;
        Control("read the quota of a project in", path, GetQuota, project, &quota);
        return new ProjectQuota(Bound(quota.MaxBlocks, BlockSize), Bound(quota.MaxFiles, 1), Whole(quota.UsedBytes), Whole(quota.UsedFiles));

        static long? Bound(ulong units, ulong size) => units == 0 ? null : Whole(units > long.MaxValue / size ? long.MaxValue : units * size);

        static long Whole(ulong value) => (long)Math.Min(value, long.MaxValue);
    }

    /// <summary>Bounds a project (quotactl_fd(2), Q_SETQUOTA; Linux 5.14). Soft bounds, which may be exceeded for a while, are removed.</summary>
    /// <remarks>Whoever has CAP_SYS_RESOURCE in the initial user namespace is not bounded: root, unless it gives that up.</remarks>
    /// <param name="project">The project's id; not 0, which stands for no project.</param>
    /// <param name="maxBytes">Bytes at the most, in steps of 1024; null for no bound.</param>
    /// <param name="maxFiles">Files and directories at the most; null for no bound.</param>
    /// <param name="path">A path in the file system.</param>
    /// <exception cref="LinuxException">EPERM: it takes CAP_SYS_ADMIN. ESRCH: quotas of projects are not switched on. ENOTBLK, ENOSYS as above. ERANGE: more than the file system counts.</exception>
    public void SetProjectQuota(uint project, long? maxBytes, long? maxFiles, string path = "/")
    {
        ArgumentOutOfRangeException.ThrowIfZero(project);
        if (maxBytes is { } bytes)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes, nameof(maxBytes));
        if (maxFiles is { } files)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(files, nameof(maxFiles));
        var quota = new QuotaBuffer
        {
            // Never less than 1 block: 0 is no bound.
            MaxBlocks = maxBytes is null ? 0 : Math.Max(1, (ulong)maxBytes.Value / BlockSize),
            MaxFiles = (ulong)(maxFiles ?? 0),
            Valid = BlockLimitsAreValid | FileLimitsAreValid,
        };
        Control("set the quota of a project in", path, SetQuota, project, &quota);
    }

    private void Control(string operation, string path, int command, uint project, QuotaBuffer* quota)
    {
        using SafeFileHandle place = OpenIn(operation, path, NonBlocking | NoTerminal);
        long result = Sys.Call(FileCalls.QuotactlFd, place.DangerousGetHandle(), (nint)(uint)((command << 8) | ProjectKind), (nint)project, (nint)quota);
        Check(operation, path, FileCalls.QuotactlFd, result, (Errno)(-result) switch
        {
            Errno.ESRCH => "Quotas of projects are not switched on there: mount it with prjquota (ext4 also takes tune2fs -O quota,project)",
            Errno.ENOTBLK or Errno.ENOSYS => "The file system, or the kernel, has no quotas of projects",
            _ => null,
        });
    }

    private FileAttributesBuffer ReadProject(string operation, string path, SafeFileHandle file)
    {
        FileAttributesBuffer attributes;
        CheckProject(operation, path, Sys.Call(SyscallNumber.Ioctl, file.DangerousGetHandle(), unchecked((nint)GetFileAttributes), (nint)(&attributes)));
        return attributes;
    }

    private void WriteProject(string operation, string path, SafeFileHandle file, uint project, bool isDirectory)
    {
        FileAttributesBuffer attributes = ReadProject(operation, path, file);
        attributes.Project = project;
        if (isDirectory)
            attributes.Flags = project == 0 ? attributes.Flags & ~InheritProject : attributes.Flags | InheritProject;
        CheckProject(operation, path, Sys.Call(SyscallNumber.Ioctl, file.DangerousGetHandle(), (nint)SetFileAttributes, (nint)(&attributes)));
    }

    // Which of these it is says nothing: file systems without the operation answer ENOTTY, those without projects EOPNOTSUPP.
    private void CheckProject(string operation, string path, long result)
    {
        if (result == -(long)Errno.ENOTTY)
            result = -(long)Errno.EOPNOTSUPP;
        Check(operation, path, SyscallNumber.Ioctl, result, (Errno)(-result) switch
        {
            Errno.EOPNOTSUPP => "The file system knows no projects",
            Errno.EINVAL or Errno.EPERM => "Projects can be set from the initial user namespace only",
            _ => null,
        });
    }
}
