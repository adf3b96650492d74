namespace Isolation.Fs.Layers;

/// <summary>An entry of a tar archive (pax(1), tar(5)), extended headers applied.</summary>
internal sealed class TarEntry
{
    public const char Regular = '0', HardLink = '1', SymbolicLink = '2', Character = '3', Block = '4', Directory = '5', Fifo = '6';

    public char Type { get; set; }

    public string Name { get; set; } = "";

    public string LinkName { get; set; } = "";

    public long Size { get; set; }

    public int Mode { get; set; }

    public long User { get; set; }

    public long Group { get; set; }

    public FileTimestamp Time { get; set; }

    public long DeviceMajor { get; set; }

    public long DeviceMinor { get; set; }

    public List<(string Name, byte[] Value)>? Attributes { get; set; }

    /// <summary>What its extended header tells of holes, not yet read.</summary>
    public List<(string Key, byte[] Value)>? SparseRecords { get; set; }

    /// <summary>Where its content belongs; null for a file without holes.</summary>
    public SparseMap? Sparse { get; set; }

    /// <summary>Of what a tree has.</summary>
    public static char TypeOf(FileKind kind) => kind switch
    {
        FileKind.Directory => Directory,
        FileKind.SymbolicLink => SymbolicLink,
        FileKind.CharacterDevice => Character,
        FileKind.BlockDevice => Block,
        FileKind.Fifo => Fifo,
        _ => Regular,
    };
}
