namespace Isolation.Cgroups;

/// <summary>What may be done with a device.</summary>
[Flags]
public enum DeviceAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Making a node of it, <c>m</c> (BPF_DEVCG_ACC_MKNOD).</summary>
    MakeNode = 1,

    /// <summary>Reading, <c>r</c> (BPF_DEVCG_ACC_READ).</summary>
    Read = 2,

    /// <summary>Writing, <c>w</c> (BPF_DEVCG_ACC_WRITE).</summary>
    Write = 4,

    /// <summary>All of them, <c>rwm</c>.</summary>
    All = MakeNode | Read | Write,
}
