using System.Buffers;
using System.Runtime.InteropServices;
using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;
using static Isolation.Fs.Interop.StatmountConstants;

namespace Isolation.Fs;

/// <summary>Asks the kernel for single mounts of a namespace (statmount(2), listmount(2)). The buffer serves for one after the other.</summary>
/// <param name="mountNamespace">The namespace's id; 0 for that of this thread.</param>
internal sealed unsafe class MountQuery(ulong mountNamespace = 0) : IDisposable
{
    private const int FirstSize = 4 << 10, MaxSize = 64 << 20;

    private const ulong Wanted = SuperBasic | MountBasic | PropagateFrom | MountRoot | StatmountConstants.MountPoint | FileSystemType | MountNamespace | MountOptions | FileSystemSubtype | SuperSource;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);

    /// <summary>One mount as mountinfo has it.</summary>
    /// <param name="id">Its unique id.</param>
    /// <param name="status">Null also when no way from the root directory leads to it: mountinfo leaves out such mounts.</param>
    /// <returns>0, or a negative errno: ENOENT where it has gone, ENOSYS where the kernel cannot tell all that mountinfo does.</returns>
    public long TryRead(ulong id, out MountStatus? status)
    {
        status = null;
        long result = Ask(id);
        if (result < 0)
            return result;
        ref readonly StatmountBuffer answer = ref MemoryMarshal.AsRef<StatmountBuffer>(_buffer);

        // What is empty is left out of the answer, so that only this tells it from what the kernel does not know.
        if ((answer.SupportedMask & Wanted) != Wanted)
            return -(long)Errno.ENOSYS;
        if ((answer.Mask & StatmountConstants.MountPoint) != 0)
            status = Describe(answer);
        return 0;
    }

    /// <summary>The unique ids of all mounts below one, in the order of the kernel.</summary>
    /// <param name="id">The unique id of that one, which is not listed, or <see cref="ListRoot"/>.</param>
    /// <param name="ids">The ids.</param>
    /// <returns>0, or a negative errno.</returns>
    public long TryListBelow(ulong id, out List<ulong> ids)
    {
        const int Room = 512;
        ids = [];
        ulong* room = stackalloc ulong[Room];
        long count;
        do
        {
            var request = new MountIdRequest(id, ids.Count == 0 ? 0 : ids[^1], mountNamespace);
            count = Sys.Call(Listmount, (nint)(&request), (nint)room, Room, 0);
            if (count < 0)
                return count;
            ids.AddRange(new ReadOnlySpan<ulong>(room, (int)count));
        }
        while (count == Room);

        return 0;
    }

    /// <summary>The id of the mount that a descriptor was opened in.</summary>
    /// <param name="place">The descriptor.</param>
    /// <param name="isUnique">Asks for the unique one.</param>
    /// <returns>Null: the kernel has no unique ones.</returns>
    public static ulong? IdOf(OpenedPlace place, bool isUnique)
    {
        byte empty = 0;
        StatxBuffer status;
        int wanted = isUnique ? StatxUniqueMountId : StatxMountId;
        Sys.Check("look at", place.Shown, SyscallNumber.Statx, place.Descriptor, (nint)(&empty), AtEmptyPath, wanted, (nint)(&status));
        return (status.Mask & wanted) != 0 ? status.MountId : null;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private long Ask(ulong id)
    {
        var request = new MountIdRequest(id, Wanted | SupportedMask, mountNamespace);
        while (true)
        {
            long result;
            fixed (byte* buffer = _buffer)
                result = Sys.Call(Statmount, (nint)(&request), (nint)buffer, _buffer.Length, 0);
            if (result == -(long)Errno.EINTR)
                continue;
            if (result != -(long)Errno.EOVERFLOW || _buffer.Length >= MaxSize)
                return result;
            int size = _buffer.Length * 2;
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(size);
        }
    }

    private MountStatus Describe(in StatmountBuffer answer)
    {
        ulong attributes = answer.Attributes, propagation = answer.Propagation;
        string type = Text(answer.Mask, FileSystemType, answer.FileSystem), subtype = Text(answer.Mask, FileSystemSubtype, answer.Subtype);
        var mount = new MountTableEntry(
            (int)answer.OldId,
            (int)answer.OldParentId,
            Text(answer.Mask, MountRoot, answer.Root),
            Text(answer.Mask, StatmountConstants.MountPoint, answer.MountPoint),
            OldMountFlags.Write(attributes),
            subtype.Length > 0 ? $"{type}.{subtype}" : type,
            Text(answer.Mask, SuperSource, answer.Source))
        {
            DeviceMajor = answer.DeviceMajor,
            DeviceMinor = answer.DeviceMinor,
            PeerGroup = Group(answer.PeerGroup),
            MasterGroup = Group(answer.MasterGroup),
            PropagatesFrom = answer.PropagatesFrom != answer.MasterGroup ? Group(answer.PropagatesFrom) : null,
            IsUnbindable = (propagation & PropagationUnbindable) != 0,
            SuperOptions = SuperOptions(answer.SuperFlags, Text(answer.Mask, MountOptions, answer.SuperOptions)),
        };
        return new MountStatus(mount) { UniqueId = answer.Id, UniqueParentId = answer.ParentId, MountNamespaceId = answer.MountNamespace };
    }

    private static int? Group(ulong id) => id == 0 ? null : (int)id;

    // fs/proc_namespace.c, show_sb_opts(): in this order, before those that the file system has of its own.
    private static string SuperOptions(uint flags, string own)
        => string.Concat(
            (flags & SuperReadOnly) != 0 ? "ro" : "rw",
            string.Concat((flags & SuperSynchronous) != 0 ? ",sync" : "", (flags & SuperDirectorySynchronous) != 0 ? ",dirsync" : "", (flags & SuperLazyTime) != 0 ? ",lazytime" : ""),
            own.Length > 0 ? "," : "",
            own);

    private string Text(ulong mask, ulong field, uint offset)
    {
        if ((mask & field) == 0)
            return "";
        ReadOnlySpan<byte> text = _buffer.AsSpan(StatmountBuffer.TextOffset)[(int)offset..];
        return PathText.Decode(text[..text.IndexOf((byte)0)]);
    }
}
