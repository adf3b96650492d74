using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;

namespace Isolation.Benchmarks.Compare;

/// <summary>The lines of "Files" in the goals, and the mount table.</summary>
internal sealed class FileScenarios(Workspace workspace)
{
    private const int Folders = 100, FilesInEach = 100, FileBytes = 10_000, Mounts = 10_000;

    public IEnumerable<Scenario> All =>
    [
        Unpack("Files: a layer of 100 MB and 10,000 files unpacked", "layer.tar", "-xpf"),
        Unpack("Files: the same layer, compressed with gzip", "layer.tar.gz", "-xzpf"),
        new("Files: a tree of 100 folders and 10,000 small files deleted", 1, RemoveTree, () => Isolation("Isolation: RootDirectory.DeleteTree", "delete", workspace.Built("deleted"), MakeTree())) { TellsCpuTime = true },
        new("Files: a path with a link and '..' resolved beneath a root and opened, 1,000 times", 5, () => C("C: openat2", "resolve", MakePath()), () => Isolation("Isolation: RootDirectory.OpenRead", "resolve", MakePath())) { TellsCpuTime = true },
        .. MountTable(),
    ];

    private IEnumerable<Scenario> MountTable()
    {
        MountStage? stage = null;
        string folder = workspace.Built("mounts"), place = Path.Combine(folder, "container-7777");
        string count = Mounts.ToString(CultureInfo.InvariantCulture);
        yield return InStage(
            "Files: the table of 10,000 mounts read",
            2,
            () => InsideC("C: read, each line parsed", "read", ""),
            () => InsideIsolation("Isolation: MountTable.ReadPooled, each line parsed", "read", "", count),
            () => InsideIsolation("Isolation: MountTable.Read, each as a value that is kept", "list", "", count),
            () => new ServedContender("C: libmount", "", Open().Inside(BuiltPeer("libmount", "libmount-dev"), count)),
            () => InsideTool("findmnt (a process)", "findmnt", "--kernel", "--noheadings", "--list", "--output", "TARGET"));
        yield return InStage(
            "Files: the lines of that table parsed, without reading it",
            5,
            () => C("C", "parse", Record()),
            () => Isolation("Isolation: MountTable.Enumerate", "parse", Record(), $"{File.ReadLines(Record()).Count()}"));

        // Linux 6.15: before that, there is no C program that is faster than the table.
        if (Environment.OSVersion.Version < new Version(6, 15))
            yield break;
        yield return InStage(
            "Files: one of 10,000 mounts found by its path, 100 times (findmnt: once)",
            2,
            () => InsideC("C: open, statx, statmount", "find", place),
            () => InsideIsolation("Isolation: MountStatus.Find", "find", place),
            () => InsideTool("findmnt --target (a process)", "findmnt", "--kernel", "--noheadings", "--output", "TARGET", "--target", place));

        Scenario InStage(string title, int turnLength, params Func<IContender>[] contenders)
            => new(title, turnLength, contenders)
            {
                TellsCpuTime = true,
                CleanUp = () =>
                {
                    stage?.Dispose();
                    stage = null;
                },
            };

        MountStage Open() => stage ??= new MountStage(workspace, Directory.CreateDirectory(folder).FullName, Mounts);

        ServedContender InsideC(string name, string work, string on) => new(name, "", Open().Inside(workspace.Built("files"), "serve", work, on));

        ServedContender InsideIsolation(string name, string work, string on, string other = "") => new(name, "", Open().Inside([.. IsolationCommand(work, on, other)]));

        ServedContender InsideTool(string name, params string[] command) => new(name, Scenarios.Request(command), Open().Inside(workspace.Built("spawn"), "serve-cpu"));

        string Record()
        {
            string path = workspace.Built("mountinfo");
            if (!File.Exists(path))
                File.Copy($"/proc/{Open().ProcessId}/mountinfo", path);
            return path;
        }
    }

    private Scenario Unpack(string title, string archive, string option)
        => new(
            title,
            1,
            () => Tar("GNU tar", archive, option),
            () => Isolation("Isolation: Layer.Unpack", "unpack", workspace.Built("ours"), MakeArchive(archive)))
        {
            TellsCpuTime = true,
        };

    private ServedContender Tar(string name, string archive, string option)
    {
        string target = workspace.Built("theirs");
        return Tool(name, ["tar", option, MakeArchive(archive), "-C", target], before: ["sh", "-c", $"rm -rf {target} && mkdir {target}"], after: ["rm", "-rf", target]);
    }

    private ServedContender RemoveTree()
    {
        string target = workspace.Built("removed");
        return Tool("rm -rf", ["rm", "-rf", target], before: ["cp", "-r", MakeTree(), target]);
    }

    private ServedContender Tool(string name, string[] command, string[] before, string[]? after = null)
        => new(name, Scenarios.Request(command), workspace.Built("spawn"), "serve-cpu")
        {
            Before = Scenarios.Request(before),
            After = after is null ? null : Scenarios.Request(after),
        };

    private ServedContender C(string name, string work, string place) => new(name, "", workspace.Built("files"), "serve", work, place);

    private static ServedContender Isolation(string name, string work, string place, string other = "") => new(name, "", IsolationCommand(work, place, other));

    private static string[] IsolationCommand(string work, string place, string other)
        => [Path.ChangeExtension(typeof(FileScenarios).Assembly.Location, null), "files", work, place, other];

    private string BuiltPeer(string program, string package) => File.Exists(workspace.Built(program)) ? workspace.Built(program) : throw new MissingPeerException(package);

    /// <summary>A root directory with a path that leads over a link.</summary>
    private string MakePath()
    {
        string root = workspace.Built("path");
        if (Directory.Exists(root))
            return root;
        Directory.CreateDirectory(Path.Combine(root, "a/b/c/d"));
        File.WriteAllText(Path.Combine(root, "a/b/c/d/file"), "");
        File.CreateSymbolicLink(Path.Combine(root, "link"), "/a/b");
        return root;
    }

    private string MakeTree()
    {
        string tree = workspace.Built("tree");
        if (Directory.Exists(tree))
            return tree;
        for (int i = 0; i < Folders; i++)
        {
            string folder = Directory.CreateDirectory(Path.Combine(tree, $"d{i}")).FullName;
            for (int j = 0; j < FilesInEach; j++)
                File.WriteAllText(Path.Combine(folder, $"file{j}"), "small");
        }

        return tree;
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
