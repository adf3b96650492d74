using System.Runtime.InteropServices;

namespace Isolation.Syscalls.Interop;

/// <summary>clone(2) flags, from linux/sched.h.</summary>
[Flags]
internal enum CloneFlags : ulong
{
    NewTime = 0x80,
    Vm = 0x100,
    Fs = 0x200,
    Files = 0x400,
    PidFd = 0x1000,
    VFork = 0x4000,
    Parent = 0x8000,
    NewNs = 0x20000,
    ParentSetTid = 0x100000,
    ChildClearTid = 0x200000,
    NewCgroup = 0x2000000,
    NewUts = 0x4000000,
    NewIpc = 0x8000000,
    NewUser = 0x10000000,
    NewPid = 0x20000000,
    NewNet = 0x40000000,
    ClearSigHand = 0x100000000,
    IntoCgroup = 0x200000000,
}

/// <summary>clone3(2): struct clone_args, version 2 (with cgroup), 88 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CloneArgs
{
    public CloneFlags Flags;
    public ulong PidFd;
    public ulong ChildTid;
    public ulong ParentTid;
    public ulong ExitSignal;
    public ulong Stack;
    public ulong StackSize;
    public ulong Tls;
    public ulong SetTid;
    public ulong SetTidSize;
    public ulong Cgroup;
}
