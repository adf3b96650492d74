using System.Collections.Immutable;

namespace Isolation.Fs;

/// <summary>Reads the mounts that a process sees (proc_pid_mountinfo(5)).</summary>
public static class MountTable
{
    /// <summary>The mounts that this thread sees, in the order of the kernel.</summary>
    /// <remarks>
    /// A table that changes while it is read is read again. One that never stays the same for so long is taken as it was read last:
    /// what was mounted all the time is there once, what came or went meanwhile may be there or not.
    /// </remarks>
    /// <exception cref="Syscalls.LinuxException">ENOENT: there is no /proc.</exception>
    public static ImmutableArray<MountTableEntry> Read()
    {
        using PooledMountTable table = ReadPooled();
        return ToEntries(table);
    }

    /// <summary>The mounts that another process sees.</summary>
    /// <param name="processId">Its id, as this process's /proc has it.</param>
    /// <exception cref="Syscalls.LinuxException">ENOENT: there is no such process. EACCES, EPERM: it is another's.</exception>
    public static ImmutableArray<MountTableEntry> Read(int processId)
    {
        using MountTableFile file = MountTableFile.Open(processId);
        using PooledMountTable table = file.Read();
        return ToEntries(table);
    }

    /// <summary>The mounts that this thread sees, as text in pooled memory, for tables of thousands of mounts.</summary>
    /// <exception cref="Syscalls.LinuxException">ENOENT: there is no /proc.</exception>
    public static PooledMountTable ReadPooled()
    {
        using MountTableFile file = MountTableFile.Open(null);
        return file.Read();
    }

    /// <summary>Goes through the text of mountinfo without an allocation for each line.</summary>
    public static MountLineEnumerator Enumerate(ReadOnlySpan<byte> text) => new(text);

    /// <summary>Reads one line of mountinfo.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static MountTableEntry Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        byte[] bytes;
        try
        {
            bytes = PathText.EncodeAny(line);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"This is no line of mountinfo: '{line}'.", e);
        }

        return MountLine.TryParse(bytes.AsSpan(..^1), out MountLine mount) ? mount.ToEntry() : throw Malformed(line);
    }

    internal static FormatException Malformed(string line) => new($"This is no line of mountinfo: '{line}'.");

    internal static ImmutableArray<MountTableEntry> ToEntries(PooledMountTable table)
    {
        ImmutableArray<MountTableEntry>.Builder entries = ImmutableArray.CreateBuilder<MountTableEntry>();
        var places = new Dictionary<int, int>();
        foreach (MountLine mount in table)
        {
            MountTableEntry entry = mount.ToEntry();

            // Read in pieces, a table can have a mount that went, and a later one that got its id: that one is there.
            if (places.TryAdd(entry.Id, entries.Count))
                entries.Add(entry);
            else
                entries[places[entry.Id]] = entry;
        }

        return entries.DrainToImmutable();
    }
}
