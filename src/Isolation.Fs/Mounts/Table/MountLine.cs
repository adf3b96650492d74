namespace Isolation.Fs;

/// <summary>A line of mountinfo as it lies in memory (proc_pid_mountinfo(5)): nothing is copied, and escapes are as the kernel wrote them.</summary>
public readonly ref struct MountLine
{
    private MountLine(int id, int parent, uint major, uint minor)
    {
        Id = id;
        ParentId = parent;
        DeviceMajor = major;
        DeviceMinor = minor;
    }

    /// <summary>The mount's id.</summary>
    public int Id { get; }

    /// <summary>The id of the mount that it is mounted on.</summary>
    public int ParentId { get; }

    /// <summary>The major number of the device of its files.</summary>
    public uint DeviceMajor { get; }

    /// <summary>The minor number of the device of its files.</summary>
    public uint DeviceMinor { get; }

    /// <summary>The directory of the file system that is shown, escaped.</summary>
    public ReadOnlySpan<byte> EscapedRoot { get; private init; }

    /// <summary>Where, relative to the process's root directory, escaped.</summary>
    public ReadOnlySpan<byte> EscapedMountPoint { get; private init; }

    /// <summary>The mount's own options.</summary>
    public ReadOnlySpan<byte> Options { get; private init; }

    /// <summary>The type of the file system, escaped.</summary>
    public ReadOnlySpan<byte> EscapedFileSystem { get; private init; }

    /// <summary>What is mounted, escaped.</summary>
    public ReadOnlySpan<byte> EscapedSource { get; private init; }

    /// <summary>The options of the file system itself.</summary>
    public ReadOnlySpan<byte> SuperOptions { get; private init; }

    /// <summary>The peer group (shared), if any.</summary>
    public int? PeerGroup { get; private init; }

    /// <summary>The peer group that it is a slave of (master), if any.</summary>
    public int? MasterGroup { get; private init; }

    /// <summary>The nearest visible peer group that mounts come from (propagate_from), if that is not <see cref="MasterGroup"/>.</summary>
    public int? PropagatesFrom { get; private init; }

    /// <summary>Whether it cannot be bound elsewhere.</summary>
    public bool IsUnbindable { get; private init; }

    /// <summary>Whether it is mounted at a path, without a copy of either.</summary>
    /// <param name="path">The bytes of the path, not escaped.</param>
    public bool IsAt(ReadOnlySpan<byte> path) => MountEscapes.AreEqual(EscapedMountPoint, path);

    /// <summary>Whether the mount has an option, such as ro.</summary>
    public bool HasOption(ReadOnlySpan<byte> name)
    {
        foreach (Range range in Options.Split((byte)','))
        {
            if (Options[range].SequenceEqual(name))
                return true;
        }

        return false;
    }

    /// <summary>The same as a record of strings.</summary>
    public MountTableEntry ToEntry()
        => new(Id, ParentId, MountEscapes.Decode(EscapedRoot), MountEscapes.Decode(EscapedMountPoint), PathText.Decode(Options), MountEscapes.Decode(EscapedFileSystem), MountEscapes.Decode(EscapedSource))
        {
            DeviceMajor = DeviceMajor,
            DeviceMinor = DeviceMinor,
            PeerGroup = PeerGroup,
            MasterGroup = MasterGroup,
            PropagatesFrom = PropagatesFrom,
            IsUnbindable = IsUnbindable,
            SuperOptions = PathText.Decode(SuperOptions),
        };

    /// <summary>Reads a line without the line feed at its end.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, out MountLine mount)
    {
        mount = default;
        if (!TryNumber(Next(ref line), out int id) || !TryNumber(Next(ref line), out int parent))
            return false;
        ReadOnlySpan<byte> device = Next(ref line);
        int colon = device.IndexOf((byte)':');
        if (colon < 0 || !TryNumber(device[..colon], out int major) || !TryNumber(device[(colon + 1)..], out int minor))
            return false;
        ReadOnlySpan<byte> root = Next(ref line), point = Next(ref line), options = Next(ref line);

        // After six fields come optional ones up to a hyphen, then three more. Those that are not known are passed over.
        int? peers = null, master = null, from = null;
        bool isUnbindable = false;
        while (true)
        {
            if (line.IsEmpty)
                return false;
            ReadOnlySpan<byte> field = Next(ref line);
            if (field.SequenceEqual("-"u8))
                break;
            if (field.SequenceEqual("unbindable"u8))
                isUnbindable = true;
            else if (!TryGroup(field, "shared:"u8, ref peers) || !TryGroup(field, "master:"u8, ref master) || !TryGroup(field, "propagate_from:"u8, ref from))
                return false;
        }

        int space = line.IndexOf((byte)' ');
        if (space <= 0)
            return false;
        ReadOnlySpan<byte> type = Next(ref line), source = Next(ref line);
        mount = new MountLine(id, parent, (uint)major, (uint)minor)
        {
            EscapedRoot = root,
            EscapedMountPoint = point,
            Options = options,
            PeerGroup = peers,
            MasterGroup = master,
            PropagatesFrom = from,
            IsUnbindable = isUnbindable,
            EscapedFileSystem = type,
            EscapedSource = source,
            SuperOptions = line,
        };
        return true;
    }

    private static ReadOnlySpan<byte> Next(scoped ref ReadOnlySpan<byte> rest)
    {
        int space = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> field = space < 0 ? rest : rest[..space];
        rest = space < 0 ? default : rest[(space + 1)..];
        return field;
    }

    /// <summary>Reads the group when the field has one of this name. False when the group is no number.</summary>
    private static bool TryGroup(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name, ref int? group)
    {
        if (!field.StartsWith(name))
            return true;
        if (!TryNumber(field[name.Length..], out int number))
            return false;
        group = number;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out int number)
    {
        long value = 0;
        number = 0;
        foreach (byte digit in text)
        {
            value = (value * 10) + digit - '0';
            if (!char.IsAsciiDigit((char)digit) || value > int.MaxValue)
                return false;
        }

        number = (int)value;
        return text.Length > 0;
    }
}
