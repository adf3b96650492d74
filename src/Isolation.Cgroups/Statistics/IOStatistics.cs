namespace Isolation.Cgroups;

/// <summary>What was read and written of a device (<c>io.stat</c>).</summary>
/// <param name="Device">The device.</param>
/// <param name="ReadBytes">Bytes read (rbytes).</param>
/// <param name="WrittenBytes">Bytes written (wbytes).</param>
/// <param name="Reads">Reads (rios).</param>
/// <param name="Writes">Writes (wios).</param>
/// <param name="DiscardedBytes">Bytes discarded (dbytes).</param>
/// <param name="Discards">Discards (dios).</param>
public readonly record struct IOStatistics(BlockDevice Device, long ReadBytes, long WrittenBytes, long Reads, long Writes, long DiscardedBytes, long Discards)
{
    /// <summary>What was read and written a second between an earlier sample and this one; the default value is one from before anything was.</summary>
    /// <param name="earlier">The earlier sample.</param>
    /// <param name="elapsed">The time between them.</param>
    public IORates PerSecondSince(IOStatistics earlier, TimeSpan elapsed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(elapsed, TimeSpan.Zero);
        double seconds = elapsed.TotalSeconds;
        return new IORates((ReadBytes - earlier.ReadBytes) / seconds, (WrittenBytes - earlier.WrittenBytes) / seconds, (Reads - earlier.Reads) / seconds, (Writes - earlier.Writes) / seconds);
    }
}
