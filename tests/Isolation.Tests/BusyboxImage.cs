using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Isolation.Fs;
using Isolation.Fs.Layers;
using Isolation.Fs.Tests.Images;
using TarWriter = System.Formats.Tar.TarWriter;

namespace Isolation.Tests;

/// <summary>
/// A layout with one image of two layers: the busybox root, and /srv, alice's, with a file and a device. Every user can read it.
/// Beside it is room for a cache.
/// </summary>
internal sealed class BusyboxImage : IDisposable
{
    public const string Tag = "latest";

    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-image-").FullName;

    /// <param name="change">Changes what the configuration says about the program.</param>
    /// <param name="prepare">Changes the files of the lower layer.</param>
    public BusyboxImage(Action<JsonObject>? change = null, Action<BusyboxRoot>? prepare = null)
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0x1ed);
        var layout = new LayoutBuilder(Layout)
        {
            ChangeConfig = document =>
            {
                var config = new JsonObject
                {
                    ["Entrypoint"] = new JsonArray("/bin/sh", "-c"),
                    ["Cmd"] = new JsonArray("echo $GREETING $(id -u):$(id -g) $(pwd) $HOME"),
                    ["Env"] = new JsonArray("PATH=/bin", "GREETING=a=b"),
                    ["User"] = "alice",
                    ["WorkingDir"] = "/srv",
                };
                change?.Invoke(config);
                document["config"] = config;
            },
        };
        byte[] lower = Busybox(prepare), upper = Second(), compressed = Compress(upper);
        UpperBlob = layout.PathOf(LayoutBuilder.DigestOf(compressed));
        string architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        JsonObject manifest = layout.Image(architecture, (LayoutBuilder.Tar, lower, lower), (LayoutBuilder.Gzip, compressed, upper));
        Digest = (string)manifest["digest"]!;
        layout.Tag(manifest, Tag);
    }

    /// <summary>The layout's directory.</summary>
    public string Layout => Path.Combine(_folder, "layout");

    /// <summary>A folder that is not there yet.</summary>
    public string Cache => Path.Combine(_folder, "cache");

    /// <summary>The digest of the manifest.</summary>
    public string Digest { get; }

    /// <summary>Where the image is once it is unpacked.</summary>
    public string Unpacked => Path.Combine(Cache, Digest.Replace(':', '/'));

    /// <summary>The file with the second layer.</summary>
    public string UpperBlob { get; }

    /// <summary>The image as a container, in namespaces of its own.</summary>
    public ContainerBuilder Container(ImageOptions? options = null)
        => new ContainerBuilder().WithImage(Layout, Tag, (options ?? new ImageOptions()) with { CacheFolder = Cache }).WithPidNs().WithStandardInput(StandardStream.Null);

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    private static byte[] Busybox(Action<BusyboxRoot>? prepare)
    {
        using var files = new BusyboxRoot();
        prepare?.Invoke(files);
        using RootDirectory root = RootDirectory.Open(files.Path);
        using var archive = new MemoryStream();
        Layer.Write(null, root, archive);
        return archive.ToArray();
    }

    private static byte[] Second()
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "srv") { Uid = 1000, Gid = 1001, Mode = (UnixFileMode)0x1ed });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.CharacterDevice, "srv/zero") { DeviceMajor = 1, DeviceMinor = 5, Mode = (UnixFileMode)0x1b6 });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "srv/file") { Uid = 1000, Gid = 1001, Mode = (UnixFileMode)0x1a4, DataStream = new MemoryStream("second layer\n"u8.ToArray()) });
        }

        return archive.ToArray();
    }

    private static byte[] Compress(byte[] archive)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(archive);
        return compressed.ToArray();
    }
}
