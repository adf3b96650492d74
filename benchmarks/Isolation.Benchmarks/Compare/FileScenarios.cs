using System.Formats.Tar;
using System.IO.Compression;

namespace Isolation.Benchmarks.Compare;

/// <summary>The lines of "Files" in the goals.</summary>
internal sealed class FileScenarios(Workspace workspace)
{
    private const int Folders = 100, FilesInEach = 100, FileBytes = 10_000;

    public IEnumerable<Scenario> All =>
    [
        Unpack("Files: a layer of 100 MB and 10,000 files unpacked", "layer.tar", "-xpf"),
        Unpack("Files: the same layer, compressed with gzip", "layer.tar.gz", "-xzpf"),
    ];

    private Scenario Unpack(string title, string archive, string option)
        => new(
            title,
            1,
            () => Tar("GNU tar", archive, option),
            () => new ServedContender("Isolation: Layer.Unpack", "", [Path.ChangeExtension(typeof(FileScenarios).Assembly.Location, null), "files", MakeArchive(archive), workspace.Built("ours")]))
        {
            TellsCpuTime = true,
        };

    private ServedContender Tar(string name, string archive, string option)
    {
        string target = workspace.Built("theirs");
        return new ServedContender(name, Scenarios.Request("tar", option, MakeArchive(archive), "-C", target), workspace.Built("spawn"), "serve-cpu")
        {
            Before = Scenarios.Request("sh", "-c", $"rm -rf {target} && mkdir {target}"),
            After = Scenarios.Request("rm", "-rf", target),
        };
    }

    /// <summary>Files of bytes that do not compress to nothing: half of each is random.</summary>
    private string MakeArchive(string name)
    {
        string path = workspace.Built(name);
        if (File.Exists(path))
            return path;
        using Stream file = File.Create(path);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        using var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
        var random = new Random(1);
        byte[] content = new byte[FileBytes];
        for (int i = 0; i < Folders; i++)
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, $"d{i}/") { Mode = (UnixFileMode)0x1ed });
            for (int j = 0; j < FilesInEach; j++)
            {
                random.NextBytes(content.AsSpan(..(FileBytes / 2)));
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"d{i}/file{j}") { Mode = (UnixFileMode)0x1a4, DataStream = new MemoryStream(content) });
            }
        }

        return path;
    }
}
