using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountCallConstants;

namespace Isolation.Fs;

/// <summary>A private file system in a folder that only this user can enter: a bind is made ready in it, and moved out then.</summary>
internal sealed class BindStage : IDisposable
{
    private readonly string _operation;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isolation-bind-");
    private bool _isMounted;

    public BindStage(string operation, OpenedPlace source)
    {
        _operation = operation;
        Point = Path.Combine(_folder.FullName, "point");
        try
        {
            byte[] folder = PathText.Encode(_folder.FullName), tmpfs = "tmpfs\0"u8.ToArray();
            OldMountCalls.Mount(operation, _folder.FullName, tmpfs, folder, tmpfs, OldNoSuid | OldNoDev | OldNoExec, "mode=0700,size=65536\0"u8.ToArray());
            _isMounted = true;

            // mount(2), EINVAL: nothing moves away from a shared mount.
            OldMountCalls.Mount(operation, _folder.FullName, null, folder, null, MountChange.Kernel(MountPropagation.Private), null);
            if (FileStatus.TryRead(source.Descriptor, "\0"u8, out FileStatus status) == 0 && status.IsDirectory)
                Directory.CreateDirectory(Point);
            else
                File.WriteAllBytes(Point, []);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where to bind at first.</summary>
    public string Point { get; }

    /// <summary>Whether what was bound has been moved out.</summary>
    public bool IsEmpty { get; set; }

    public unsafe void Dispose()
    {
        if (_isMounted)
        {
            // mount_namespaces(7): an unmount propagates from a shared mount. What was bound may be a peer of what it shows.
            fixed (byte* point = PathText.Encode(Point), folder = PathText.Encode(_folder.FullName))
            {
                if (!IsEmpty)
                    Sys.Call(SyscallNumber.Mount, 0, (nint)point, 0, (nint)(MountChange.Kernel(MountPropagation.Private) | OldRecursive));
                Sys.Check(_operation, _folder.FullName, SyscallNumber.Umount2, (nint)folder, (nint)UnmountOptions.Detach);
            }
        }

        _folder.Delete();
    }
}
