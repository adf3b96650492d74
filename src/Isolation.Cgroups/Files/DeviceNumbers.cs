using System.Text;
using Isolation.Cgroups.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Cgroups.Files;

/// <summary>statx(2) for the numbers of devices.</summary>
internal static unsafe class DeviceNumbers
{
    // struct statx.
    private const int ModeOffset = 28, SpecialOffset = 128, HoldsOffset = 136, TypeAndMode = 3;

    /// <summary>Type and mode of a file, the device that it stands for, and the one that it is stored on.</summary>
    public static (int Mode, BlockDevice Special, BlockDevice Holds) Of(string path)
    {
        byte* status = stackalloc byte[256];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
            Sys.Check("look at", path, SyscallNumber.Statx, FileConstants.AtCwd, (nint)name, 0, TypeAndMode, (nint)status);
        return (*(ushort*)(status + ModeOffset), Device(status + SpecialOffset), Device(status + HoldsOffset));
    }

    private static BlockDevice Device(byte* numbers) => new(*(int*)numbers, *(int*)(numbers + sizeof(int)));
}
