namespace Isolation.Syscalls.Interop;

/// <summary>struct rlimit64 (getrlimit(2)).</summary>
internal readonly unsafe record struct ResourceLimit(ulong Soft, ulong Hard)
{
    /// <summary>This process's limit.</summary>
    public static ResourceLimit Get(int resource)
    {
        ResourceLimit limit;
        Sys.Check("read", $"resource limit {resource}", SyscallNumber.Prlimit64, 0, resource, 0, (nint)(&limit));
        return limit;
    }
}
