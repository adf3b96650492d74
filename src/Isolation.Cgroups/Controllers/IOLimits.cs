namespace Isolation.Cgroups;

/// <summary>How much of a device may be used a second (<c>io.max</c>).</summary>
/// <param name="ReadBytes">Bytes read a second (rbps).</param>
/// <param name="WriteBytes">Bytes written a second (wbps).</param>
/// <param name="ReadOperations">Reads a second (riops).</param>
/// <param name="WriteOperations">Writes a second (wiops).</param>
public readonly record struct IOLimits(CgroupLimit ReadBytes, CgroupLimit WriteBytes, CgroupLimit ReadOperations, CgroupLimit WriteOperations)
{
    /// <summary>No limit.</summary>
    public static IOLimits Max { get; } = new(CgroupLimit.Max, CgroupLimit.Max, CgroupLimit.Max, CgroupLimit.Max);

    /// <summary>As the kernel's file shows it after the device.</summary>
    public override string ToString() => $"rbps={ReadBytes} wbps={WriteBytes} riops={ReadOperations} wiops={WriteOperations}";

    internal static IOLimits Parse(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        IOLimits limits = Max;
        foreach ((string key, string value) in pairs)
        {
            limits = key switch
            {
                "rbps" => limits with { ReadBytes = CgroupLimit.Parse(value) },
                "wbps" => limits with { WriteBytes = CgroupLimit.Parse(value) },
                "riops" => limits with { ReadOperations = CgroupLimit.Parse(value) },
                "wiops" => limits with { WriteOperations = CgroupLimit.Parse(value) },
                _ => limits,
            };
        }

        return limits;
    }
}
