using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using static Isolation.Fs.Interop.MountCallConstants;

namespace Isolation.Fs;

/// <summary>
/// mount(2), for kernels and seccomp profiles without the newer calls. It takes paths only: those of descriptors, which lead to
/// what the descriptors show.
/// </summary>
internal static unsafe class OldMountCalls
{
    public static void NewFileSystem(string operation, FileSystemParameters parameters, OpenedPlace target, MountAttributes attributes, AccessTimes accessTimes)
        => Mount(operation, target.Shown, PathText.Encode(parameters.Source), Path(operation, target), PathText.Encode(parameters.Type), OldMountFlags.Of(attributes, accessTimes), parameters.ToText(operation, target.Shown));

    /// <summary>Binds. What has its attributes changed is made ready where nobody sees it, and moved then.</summary>
    public static void Bind(string operation, OpenedPlace from, OpenedPlace to, MountChange change, bool recursive)
    {
        if (change == new MountChange())
        {
            BindAt(operation, from, to.Shown, Path(operation, to), recursive);
            return;
        }

        using var stage = new BindStage(operation, from);
        BindAt(operation, from, to.Shown, PathText.Encode(stage.Point), recursive);
        using (OpenedPlace staged = new MountPlace(stage.Point).Open(operation))
        {
            Change(operation, staged, change with { Propagation = null }, recursive: true);
            Move(operation, staged, to);
            stage.IsEmpty = true;
            if (change.Propagation is { } propagation)
                SetPropagationOrUnmount(operation, staged, propagation);
        }
    }

    /// <summary>Changes one mount after the other, and all of them back when one cannot be changed.</summary>
    public static void Change(string operation, OpenedPlace place, MountChange change, bool recursive)
    {
        // mount(2) changes the propagation of all by itself, also of those that are hidden.
        using OldMountChange? mounts = change is { Set: 0, Clear: 0, AccessTimes: null } ? null : OldMountChange.Open(operation, place, recursive);
        mounts?.Apply(change);
        if (change.Propagation is not { } propagation)
            return;
        try
        {
            SetPropagation(operation, place, propagation, recursive);
        }
        catch
        {
            mounts?.Revert();
            throw;
        }
    }

    public static void SetPropagation(string operation, OpenedPlace place, MountPropagation propagation, bool recursive)
        => Mount(operation, place.Shown, null, Path(operation, place), null, MountChange.Kernel(propagation) | (recursive ? OldRecursive : 0), null);

    public static void Move(string operation, OpenedPlace source, OpenedPlace target)
    {
        fixed (byte* what = Path(operation, source), place = Path(operation, target))
            MountCalls.CheckMove(operation, source, target, SyscallNumber.Mount, Sys.Call(SyscallNumber.Mount, (nint)what, (nint)place, 0, (nint)OldMove));
    }

    /// <summary>The path of a descriptor.</summary>
    public static byte[] Path(string operation, OpenedPlace place)
        => DescriptorPath.Of(place.Descriptor) ?? throw new LinuxException(operation, place.Shown, Errno.ENOSYS, SyscallNumber.Mount.Name, "Without the newer mount calls it takes a /proc");

    public static void Mount(string operation, string shown, byte[]? source, byte[] target, byte[]? type, ulong flags, byte[]? data)
    {
        fixed (byte* what = source, place = target, kind = type, text = data)
            Sys.Check(operation, shown, SyscallNumber.Mount, (nint)what, (nint)place, (nint)kind, (nint)flags, (nint)text);
    }

    private static void SetPropagationOrUnmount(string operation, OpenedPlace attached, MountPropagation propagation)
    {
        try
        {
            SetPropagation(operation, attached, propagation, recursive: true);
        }
        catch
        {
            fixed (byte* path = Path(operation, attached))
                Sys.Check(operation, attached.Shown, SyscallNumber.Umount2, (nint)path, (nint)UnmountOptions.Detach);
            throw;
        }
    }

    private static void BindAt(string operation, OpenedPlace from, string shown, byte[] target, bool recursive)
        => Mount(operation, shown, Path(operation, from), target, null, OldBind | (recursive ? OldRecursive : 0), null);
}
