using System.Globalization;
using System.Runtime.InteropServices;
using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Tests;

namespace Isolation.Fs.Tests;

/// <summary>The constants, numbers and structures of files against the C headers.</summary>
[NativeOnly]
public sealed class PathHeaderTests
{
    private const string Headers = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/vfs.h>
        #include <linux/limits.h>
        #include <linux/magic.h>
        #include <dirent.h>
        #include <sys/quota.h>
        #include <linux/fs.h>
        """;

    [LinuxFact(Needs.CCompiler)]
    public void The_constants_are_those_of_the_headers()
        => AssertSame(
            ("O_WRONLY", PathConstants.WriteOnly),
            ("O_RDWR", PathConstants.ReadWrite),
            ("O_CREAT", PathConstants.Create),
            ("O_EXCL", PathConstants.Exclusive),
            ("O_NOCTTY", PathConstants.NoTerminal),
            ("O_TRUNC", PathConstants.Truncate),
            ("O_APPEND", PathConstants.Append),
            ("O_NONBLOCK", PathConstants.NonBlocking),
            ("RENAME_NOREPLACE", PathConstants.RenameNoReplace),
            ("RENAME_EXCHANGE", PathConstants.RenameExchange),
            ("AT_REMOVEDIR", PathConstants.AtRemoveDir),
            ("STATX_BASIC_STATS", PathConstants.StatxBasicStats),
            ("STATX_MNT_ID", PathConstants.StatxMountId),
            ("S_IFMT", PathConstants.TypeMask),
            ("S_IFIFO", PathConstants.TypeFifo),
            ("S_IFCHR", PathConstants.TypeCharacter),
            ("S_IFDIR", PathConstants.TypeDirectory),
            ("S_IFBLK", PathConstants.TypeBlock),
            ("S_IFREG", PathConstants.TypeRegular),
            ("S_IFLNK", PathConstants.TypeLink),
            ("S_IFSOCK", PathConstants.TypeSocket),
            ("PROC_SUPER_MAGIC", PathConstants.ProcSuperMagic),
            ("PATH_MAX", PathConstants.MaxPath),
            ("NAME_MAX", PathConstants.MaxName));

    [LinuxFact(Needs.CCompiler)]
    public void The_calls_have_their_numbers()
        => AssertSame([.. typeof(FileCalls).GetProperties().Select(p => (SyscallNumber)p.GetValue(null)!).Select(c => ("SYS_" + c.Name, (long)c.Number))]);

    [LinuxFact(Needs.CCompiler)]
    public void Statx_is_laid_out_as_in_the_headers()
        => AssertSame(
            ("sizeof(struct statx)", Marshal.SizeOf<StatxBuffer>()),
            Offset<StatxBuffer>("statx", "stx_mask", nameof(StatxBuffer.Mask)),
            Offset<StatxBuffer>("statx", "stx_nlink", nameof(StatxBuffer.Links)),
            Offset<StatxBuffer>("statx", "stx_uid", nameof(StatxBuffer.User)),
            Offset<StatxBuffer>("statx", "stx_gid", nameof(StatxBuffer.Group)),
            Offset<StatxBuffer>("statx", "stx_mode", nameof(StatxBuffer.Mode)),
            Offset<StatxBuffer>("statx", "stx_ino", nameof(StatxBuffer.Inode)),
            Offset<StatxBuffer>("statx", "stx_size", nameof(StatxBuffer.Size)),
            Offset<StatxBuffer>("statx", "stx_blocks", nameof(StatxBuffer.Blocks)),
            Offset<StatxBuffer>("statx", "stx_atime.tv_sec", nameof(StatxBuffer.AccessSeconds)),
            Offset<StatxBuffer>("statx", "stx_atime.tv_nsec", nameof(StatxBuffer.AccessNanoseconds)),
            Offset<StatxBuffer>("statx", "stx_ctime.tv_sec", nameof(StatxBuffer.ChangeSeconds)),
            Offset<StatxBuffer>("statx", "stx_ctime.tv_nsec", nameof(StatxBuffer.ChangeNanoseconds)),
            Offset<StatxBuffer>("statx", "stx_mtime.tv_sec", nameof(StatxBuffer.WriteSeconds)),
            Offset<StatxBuffer>("statx", "stx_mtime.tv_nsec", nameof(StatxBuffer.WriteNanoseconds)),
            Offset<StatxBuffer>("statx", "stx_rdev_major", nameof(StatxBuffer.DeviceMajor)),
            Offset<StatxBuffer>("statx", "stx_rdev_minor", nameof(StatxBuffer.DeviceMinor)),
            Offset<StatxBuffer>("statx", "stx_dev_major", nameof(StatxBuffer.FileSystemMajor)),
            Offset<StatxBuffer>("statx", "stx_dev_minor", nameof(StatxBuffer.FileSystemMinor)),
            Offset<StatxBuffer>("statx", "stx_mnt_id", nameof(StatxBuffer.MountId)));

    [LinuxFact(Needs.CCompiler)]
    public void Statfs_is_laid_out_as_in_the_headers()
        => AssertSame(
            ("sizeof(struct statfs)", Marshal.SizeOf<StatfsBuffer>()),
            Offset<StatfsBuffer>("statfs", "f_type", nameof(StatfsBuffer.Type)),
            Offset<StatfsBuffer>("statfs", "f_bsize", nameof(StatfsBuffer.BlockSize)),
            Offset<StatfsBuffer>("statfs", "f_blocks", nameof(StatfsBuffer.Blocks)),
            Offset<StatfsBuffer>("statfs", "f_bfree", nameof(StatfsBuffer.FreeBlocks)),
            Offset<StatfsBuffer>("statfs", "f_bavail", nameof(StatfsBuffer.AvailableBlocks)),
            Offset<StatfsBuffer>("statfs", "f_files", nameof(StatfsBuffer.Files)),
            Offset<StatfsBuffer>("statfs", "f_ffree", nameof(StatfsBuffer.FreeFiles)),
            Offset<StatfsBuffer>("statfs", "f_frsize", nameof(StatfsBuffer.FragmentSize)),
            ("offsetof(struct dirent64, d_reclen)", 16),
            ("offsetof(struct dirent64, d_type)", 18),
            ("offsetof(struct dirent64, d_name)", 19));

    [LinuxFact(Needs.CCompiler)]
    public void Quotas_are_as_in_the_headers()
        => AssertSame(
            ("Q_GETQUOTA", QuotaConstants.GetQuota),
            ("Q_SETQUOTA", QuotaConstants.SetQuota),
            ("PRJQUOTA", QuotaConstants.ProjectKind),
            ("QIF_BLIMITS", QuotaConstants.BlockLimitsAreValid),
            ("QIF_ILIMITS", QuotaConstants.FileLimitsAreValid),
            ("FS_IOC_FSGETXATTR", QuotaConstants.GetFileAttributes),
            ("FS_IOC_FSSETXATTR", QuotaConstants.SetFileAttributes),
            ("FS_XFLAG_PROJINHERIT", QuotaConstants.InheritProject),
            ("sizeof(struct if_dqblk)", Marshal.SizeOf<QuotaBuffer>()),
            Offset<QuotaBuffer>("if_dqblk", "dqb_bhardlimit", nameof(QuotaBuffer.MaxBlocks)),
            Offset<QuotaBuffer>("if_dqblk", "dqb_curspace", nameof(QuotaBuffer.UsedBytes)),
            Offset<QuotaBuffer>("if_dqblk", "dqb_ihardlimit", nameof(QuotaBuffer.MaxFiles)),
            Offset<QuotaBuffer>("if_dqblk", "dqb_curinodes", nameof(QuotaBuffer.UsedFiles)),
            Offset<QuotaBuffer>("if_dqblk", "dqb_valid", nameof(QuotaBuffer.Valid)),
            ("sizeof(struct fsxattr)", Marshal.SizeOf<FileAttributesBuffer>()),
            Offset<FileAttributesBuffer>("fsxattr", "fsx_xflags", nameof(FileAttributesBuffer.Flags)),
            Offset<FileAttributesBuffer>("fsxattr", "fsx_projid", nameof(FileAttributesBuffer.Project)));

    private static (string, long) Offset<T>(string structure, string field, string ours)
        => (string.Create(CultureInfo.InvariantCulture, $"offsetof(struct {structure}, {field})"), Marshal.OffsetOf<T>(ours));

    private static void AssertSame(params (string Name, long Value)[] ours) => CProgram.AssertSame(ours, CProgram.Values(Headers, ours.Select(o => o.Name)));
}
