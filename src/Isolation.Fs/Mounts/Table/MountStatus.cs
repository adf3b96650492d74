using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.StatmountConstants;

namespace Isolation.Fs;

/// <summary>
/// A mount by itself: found without reading the table, with ids that no other mount gets as long as the machine runs
/// (statmount(2), listmount(2)).
/// </summary>
/// <remarks>
/// By these calls from Linux 6.15 on, the first that tells all that mountinfo does. Before that, and where a seccomp profile refuses
/// them, what <see cref="MountTable.Read()"/> has is looked through for a place, and only a unique id is an error (ENOSYS).
/// </remarks>
public sealed record MountStatus
{
    internal MountStatus(MountTableEntry mount) => Mount = mount;

    /// <summary>The mount as the table has it.</summary>
    public MountTableEntry Mount { get; }

    /// <summary>An id that is never used again; null where the kernel is older than Linux 6.8.</summary>
    public ulong? UniqueId { get; internal init; }

    /// <summary>The unique id of the mount that it is mounted on; null where it was read from the table.</summary>
    public ulong? UniqueParentId { get; internal init; }

    /// <summary>The id of its mount namespace (ioctl_nsfs(2), NS_GET_MNTNS_ID); null where it was read from the table.</summary>
    public ulong? MountNamespaceId { get; internal init; }

    /// <summary>The mount that a place is in: with a mount point, what is mounted there last.</summary>
    /// <param name="place">Any file or directory.</param>
    /// <returns>Null when this thread's table does not have it: it is detached, or lies outside the thread's root directory.</returns>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES, ELOOP: there is no such place.</exception>
    public static MountStatus? Find(MountPlace place)
    {
        using OpenedPlace opened = place.Open("find the mount of");
        return Find(opened);
    }

    /// <summary>The mount with a unique id.</summary>
    /// <param name="uniqueId">The id.</param>
    /// <returns>Null when it has gone, or is not in this thread's table.</returns>
    /// <exception cref="LinuxException">ENOSYS: needs Linux 6.15. EINVAL: no mount has such an id. EPERM: it lies outside the root directory of a thread without CAP_SYS_ADMIN.</exception>
    public static MountStatus? Find(ulong uniqueId)
    {
        using var query = new MountQuery();
        long result = query.TryRead(uniqueId, out MountStatus? status);
        return result is 0 or -(long)Errno.ENOENT ? status : throw Failure("find the mount with unique id", $"{uniqueId}", result, Statmount, "No mount has such an id: these are of MountStatus.UniqueId");
    }

    /// <summary>All that is mounted on the mount of a place and on what is mounted there, each after what it is mounted on.</summary>
    /// <param name="place">Any file or directory of that mount. Mounts count also where they are outside this directory.</param>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES, ELOOP: there is no such place.</exception>
    public static ImmutableArray<MountStatus> ListBelow(MountPlace place)
    {
        using OpenedPlace opened = place.Open("list the mounts below");
        if (Find(opened) is not { } top)
            return [];
        using var query = new MountQuery();
        ImmutableArray<MountStatus> known = top.UniqueId is { } id && query.TryListBelow(id, out List<ulong> ids) == 0 && TryReadAll(query, ids, out ImmutableArray<MountStatus> below) == 0
            ? below
            : [.. MountTable.Read().Select(m => new MountStatus(m))];
        var statuses = known.ToDictionary(s => s.Mount.Id);
        return [.. new MountTree([top.Mount, .. known.Select(s => s.Mount)]).GetDescendants(top.Mount).Select(m => statuses[m.Id])];
    }

    /// <summary>The mounts of any mount namespace, in the order of the kernel, seen from its root.</summary>
    /// <param name="mountNamespace">A handle of it, also when no process is in it.</param>
    /// <exception cref="LinuxException">
    /// ENOSYS, ENOTTY: needs Linux 6.15 (<see cref="MountTable.Read(int)"/> reads those of a process there). EINVAL: a namespace of
    /// another kind. EPERM: this takes CAP_SYS_ADMIN in the user namespace that owns it.
    /// </exception>
    public static unsafe ImmutableArray<MountStatus> List(SafeHandle mountNamespace)
    {
        const string Operation = "list the mounts of";
        ArgumentNullException.ThrowIfNull(mountNamespace);
        ulong id = 0;
        using (var use = new DescriptorUse(mountNamespace))
        {
            if (Sys.Call(SyscallNumber.Ioctl, use.Descriptor, unchecked((nint)GetMountNamespaceId), (nint)(&id)) is < 0 and var error)
                throw Failure(Operation, "a namespace", error, SyscallNumber.Ioctl, "It is a namespace of another kind");
        }

        using var query = new MountQuery(id);
        long result = query.TryListBelow(ListRoot, out List<ulong> ids);
        if (result < 0)
            throw Failure(Operation, $"mount namespace {id}", result, Listmount);
        result = TryReadAll(query, ids, out ImmutableArray<MountStatus> all);
        return result == 0 ? all : throw Failure(Operation, $"mount namespace {id}", result, Statmount);
    }

    // The descriptor keeps the mount, so that its ids mean no other one meanwhile.
    private static MountStatus? Find(OpenedPlace opened)
    {
        ulong? uniqueId = MountQuery.IdOf(opened, isUnique: true);
        if (uniqueId is { } unique)
        {
            using var query = new MountQuery();
            if (query.TryRead(unique, out MountStatus? status) == 0)
                return status;
        }

        ulong? id = MountQuery.IdOf(opened, isUnique: false);
        using PooledMountTable table = MountTable.ReadPooled();
        foreach (MountLine line in table)
        {
            if ((ulong)line.Id == id)
                return new MountStatus(line.ToEntry()) { UniqueId = uniqueId };
        }

        return null;
    }

    /// <summary>Those that are still there.</summary>
    private static long TryReadAll(MountQuery query, List<ulong> ids, out ImmutableArray<MountStatus> all)
    {
        ImmutableArray<MountStatus>.Builder found = ImmutableArray.CreateBuilder<MountStatus>(ids.Count);
        all = [];
        foreach (ulong id in ids)
        {
            long result = query.TryRead(id, out MountStatus? status);
            if (result is not (0 or -(long)Errno.ENOENT))
                return result;
            if (status is not null)
                found.Add(status);
        }

        all = found.DrainToImmutable();
        return 0;
    }

    private static LinuxException Failure(string operation, string target, long result, SyscallNumber call, string? ifInvalid = null)
    {
        var errno = (Errno)(-result);
        string? hint = errno switch
        {
            Errno.ENOSYS => "This needs Linux 6.15",
            Errno.ENOTTY => "This needs Linux 6.15, and a namespace",
            Errno.EINVAL => ifInvalid,
            _ => null,
        };
        return new LinuxException(operation, target, errno, call.Name, hint);
    }
}
