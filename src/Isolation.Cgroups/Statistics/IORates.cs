namespace Isolation.Cgroups;

/// <summary>What was read and written of a device a second. From <see cref="IOStatistics.PerSecondSince"/>.</summary>
/// <param name="ReadBytes">Bytes read a second.</param>
/// <param name="WrittenBytes">Bytes written a second.</param>
/// <param name="Reads">Reads a second.</param>
/// <param name="Writes">Writes a second.</param>
public readonly record struct IORates(double ReadBytes, double WrittenBytes, double Reads, double Writes);
