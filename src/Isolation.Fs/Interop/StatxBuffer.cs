using System.Runtime.InteropServices;

namespace Isolation.Fs.Interop;

/// <summary>statx(2): struct statx, 256 bytes, up to the mount's id.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    [FieldOffset(0)]
    public uint Mask;

    [FieldOffset(16)]
    public uint Links;

    [FieldOffset(20)]
    public uint User;

    [FieldOffset(24)]
    public uint Group;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public ulong Size;

    [FieldOffset(48)]
    public ulong Blocks;

    [FieldOffset(64)]
    public long AccessSeconds;

    [FieldOffset(72)]
    public uint AccessNanoseconds;

    [FieldOffset(96)]
    public long ChangeSeconds;

    [FieldOffset(104)]
    public uint ChangeNanoseconds;

    [FieldOffset(112)]
    public long WriteSeconds;

    [FieldOffset(120)]
    public uint WriteNanoseconds;

    [FieldOffset(128)]
    public uint DeviceMajor;

    [FieldOffset(132)]
    public uint DeviceMinor;

    [FieldOffset(136)]
    public uint FileSystemMajor;

    [FieldOffset(140)]
    public uint FileSystemMinor;

    [FieldOffset(144)]
    public ulong MountId;
}
