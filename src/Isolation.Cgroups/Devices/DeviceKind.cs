namespace Isolation.Cgroups;

/// <summary>Kinds of devices.</summary>
public enum DeviceKind
{
    /// <summary>Both kinds, <c>a</c>.</summary>
    Any = 0,

    /// <summary>Block devices, <c>b</c> (BPF_DEVCG_DEV_BLOCK).</summary>
    Block = 1,

    /// <summary>Character devices, <c>c</c> (BPF_DEVCG_DEV_CHAR).</summary>
    Character = 2,
}
