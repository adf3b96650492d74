using System.Collections.Immutable;
using System.Globalization;
using Isolation.Syscalls;

namespace Isolation.Namespaces;

public sealed partial record UserNamespaceMaps
{
    /// <summary>
    /// Reads the maps of the user namespace that a process is in. The kernel shows them by way of a process only
    /// (/proc/PID/uid_map): there is no way to ask a handle.
    /// </summary>
    /// <returns>Null when one of the two maps has not been written yet.</returns>
    /// <remarks>
    /// The ids outside are those of the caller's own user namespace; for a process of the caller's namespace, those of its parent.
    /// </remarks>
    /// <exception cref="LinuxException">
    /// ESRCH: no such process; EACCES: it may not be looked into; EOVERFLOW: the map has ids that do not exist in the caller's
    /// user namespace.
    /// </exception>
    public static UserNamespaceMaps? OfProcess(int processId)
    {
        ImmutableArray<IdRange> users = ReadMap(processId, "uid_map"), groups = ReadMap(processId, "gid_map");
        return users.IsEmpty || groups.IsEmpty ? null : new UserNamespaceMaps(users, groups);
    }

    /// <summary>Whether both map the same ids; the order of the ranges does not count, the kernel sorts them too.</summary>
    public bool Equals(UserNamespaceMaps? other)
        => other is not null && Sorted(Users).SequenceEqual(Sorted(other.Users)) && Sorted(Groups).SequenceEqual(Sorted(other.Groups));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (IdRange range in Sorted(Users).Concat(Sorted(Groups)))
            hash.Add(range);
        return hash.ToHashCode();
    }

    /// <summary>Both maps, as /proc shows them: <c>users 0 1000 1; groups 0 1000 1</c>.</summary>
    public override string ToString() => $"users {string.Join(", ", Users)}; groups {string.Join(", ", Groups)}";

    private static IEnumerable<IdRange> Sorted(ImmutableArray<IdRange> ranges) => ranges.OrderBy(r => r.Inside);

    private static ImmutableArray<IdRange> ReadMap(int processId, string map)
    {
        var ranges = ImmutableArray.CreateBuilder<IdRange>();
        foreach (string line in ProcessFile.Read(processId, map).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // user_namespaces(7): an id that the reader's namespace does not have is shown as 4294967295.
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "4294967295", _])
            {
                throw new LinuxException(
                    $"read {map} of process",
                    processId.ToString(CultureInfo.InvariantCulture),
                    Errno.EOVERFLOW,
                    null,
                    $"The line '{line.Trim()}' maps to ids that do not exist in the caller's user namespace; read it from the namespace's parent");
            }

            ranges.Add(IdRange.Parse(line));
        }

        return ranges.ToImmutable();
    }
}
