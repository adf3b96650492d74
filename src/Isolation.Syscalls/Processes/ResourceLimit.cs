using System.Globalization;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls;

/// <summary>The limits of one resource of a process (getrlimit(2)). The unit is that of the resource: see <see cref="LimitedResource"/>.</summary>
public readonly unsafe record struct ResourceLimit
{
    // struct rlimit64.
    private readonly ulong _soft, _hard;

    /// <summary>A soft and a hard limit.</summary>
    /// <param name="soft">The limit that holds; null for none.</param>
    /// <param name="hard">Up to where the process may raise it itself; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative.</exception>
    /// <exception cref="ArgumentException">The soft one is above the hard one.</exception>
    public ResourceLimit(long? soft, long? hard)
    {
        if (soft < 0 || hard < 0)
            throw new ArgumentOutOfRangeException(soft < 0 ? nameof(soft) : nameof(hard), "A limit is not negative.");
        _soft = (ulong?)soft ?? ulong.MaxValue;
        _hard = (ulong?)hard ?? ulong.MaxValue;
        if (_soft > _hard)
            throw new ArgumentException($"The soft limit, {Shown(soft)}, is above the hard one, {Shown(hard)} (getrlimit(2)).", nameof(soft));
    }

    /// <summary>No limit (RLIM_INFINITY).</summary>
    public static ResourceLimit None { get; } = new(null, null);

    /// <summary>The limit that holds; null for none.</summary>
    public long? Soft => ToValue(_soft);

    /// <summary>Up to where the process may raise it itself; null for none.</summary>
    public long? Hard => ToValue(_hard);

    /// <summary>The same limit, soft and hard.</summary>
    /// <param name="value">The limit; null for none.</param>
    public static ResourceLimit Of(long? value) => new(value, value);

    /// <summary>As listings show the kernel's structure.</summary>
    public override string ToString() => $"{{rlim_cur={Shown(Soft)}, rlim_max={Shown(Hard)}}}";

    /// <summary>This process's limit.</summary>
    internal static ResourceLimit Get(LimitedResource resource) => Get(0, resource);

    internal static ResourceLimit Get(int processId, LimitedResource resource)
    {
        ResourceLimit limit;
        Sys.Check("read", $"the limit {resource} of a process", SyscallNumber.Prlimit64, processId, (nint)resource, 0, (nint)(&limit));
        return limit;
    }

    // What does not fit is as good as none.
    private static long? ToValue(ulong value) => value > long.MaxValue ? null : (long)value;

    private static string Shown(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "RLIM64_INFINITY";
}
