using System.Collections.Immutable;

namespace Isolation.Fs;

/// <summary>How a mount table differs from an earlier one.</summary>
/// <param name="Added">Mounts that are new.</param>
/// <param name="Removed">Mounts that have gone, as they were.</param>
/// <param name="Changed">Mounts that were moved, or got other attributes or another propagation, or whose root was deleted, as they are now.</param>
/// <param name="Table">The whole table now.</param>
public sealed record MountTableChange(
    ImmutableArray<MountTableEntry> Added,
    ImmutableArray<MountTableEntry> Removed,
    ImmutableArray<MountTableEntry> Changed,
    ImmutableArray<MountTableEntry> Table)
{
    internal bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Changed.IsEmpty;

    internal static MountTableChange Between(ImmutableArray<MountTableEntry> before, ImmutableArray<MountTableEntry> after)
    {
        var known = new Dictionary<int, MountTableEntry>(before.Length);
        foreach (MountTableEntry mount in before)
            known.TryAdd(mount.Id, mount);
        ImmutableArray<MountTableEntry>.Builder added = ImmutableArray.CreateBuilder<MountTableEntry>(), removed = ImmutableArray.CreateBuilder<MountTableEntry>(), changed = ImmutableArray.CreateBuilder<MountTableEntry>();
        foreach (MountTableEntry mount in after)
        {
            if (!known.Remove(mount.Id, out MountTableEntry? earlier))
            {
                added.Add(mount);
            }
            else if (!IsSameMount(earlier, mount))
            {
                // The kernel gives the id of one that has gone to the next one.
                removed.Add(earlier);
                added.Add(mount);
            }
            else if (earlier != mount)
            {
                changed.Add(mount);
            }
        }

        removed.AddRange(known.Values);
        return new MountTableChange(added.ToImmutable(), removed.ToImmutable(), changed.ToImmutable(), after);
    }

    private static bool IsSameMount(MountTableEntry one, MountTableEntry other)
        => (one.DeviceMajor, one.DeviceMinor, one.RootBeforeDeletion, one.FileSystem, one.Source) == (other.DeviceMajor, other.DeviceMinor, other.RootBeforeDeletion, other.FileSystem, other.Source);
}
