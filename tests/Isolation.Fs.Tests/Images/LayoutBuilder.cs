using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Isolation.Fs.Tests.Images;

/// <summary>Layouts of images, written by hand so that they can also be wrong.</summary>
internal sealed class LayoutBuilder
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json", Index = "application/vnd.oci.image.index.v1+json", ConfigType = "application/vnd.oci.image.config.v1+json",
        Tar = "application/vnd.oci.image.layer.v1.tar", Gzip = Tar + "+gzip", Zstd = Tar + "+zstd";

    private readonly JsonArray _manifests = [];

    public LayoutBuilder(string folder)
    {
        Folder = folder;
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }

    public string Folder { get; }

    /// <summary>Changes a document before it is written.</summary>
    public Action<JsonObject>? ChangeManifest { get; set; }

    public Action<JsonObject>? ChangeConfig { get; set; }

    public static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public string PathOf(string digest) => Path.Combine(Folder, "blobs", "sha256", digest["sha256:".Length..]);

    /// <summary>Stores a blob and describes it.</summary>
    public JsonObject Blob(string type, byte[] bytes)
    {
        string digest = DigestOf(bytes);
        File.WriteAllBytes(PathOf(digest), bytes);
        return new JsonObject { ["mediaType"] = type, ["digest"] = digest, ["size"] = bytes.Length };
    }

    /// <summary>Stores an image and describes its manifest.</summary>
    public JsonObject Image(string architecture, params (string Type, byte[] Blob, byte[] Archive)[] layers)
    {
        var config = new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Entrypoint"] = new JsonArray("/bin/sh", "-c"),
                ["Cmd"] = new JsonArray("echo hello"),
                ["Env"] = new JsonArray("PATH=/bin", "A=b=c"),
                ["User"] = "web:www",
                ["WorkingDir"] = "/srv",
                ["Labels"] = new JsonObject { ["title"] = "test" },
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(l => (JsonNode)DigestOf(l.Archive))]) },
            ["history"] = new JsonArray(),
        };
        ChangeConfig?.Invoke(config);
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Manifest,
            ["config"] = Blob(ConfigType, Encoding.UTF8.GetBytes(config.ToJsonString())),
            ["layers"] = new JsonArray([.. layers.Select(l => (JsonNode)Blob(l.Type, l.Blob))]),
        };
        ChangeManifest?.Invoke(manifest);
        return Blob(Manifest, Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    public static JsonObject For(JsonObject descriptor, string architecture)
    {
        descriptor["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
        return descriptor;
    }

    /// <summary>Lists a manifest or an index under a tag.</summary>
    public LayoutBuilder Tag(JsonObject descriptor, string? tag)
    {
        if (tag is not null)
            descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = tag };
        _manifests.Add(descriptor);
        File.WriteAllText(Path.Combine(Folder, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = _manifests.DeepClone() }.ToJsonString());
        return this;
    }

    public JsonObject IndexOf(params JsonObject[] descriptors)
        => Blob(Index, Encoding.UTF8.GetBytes(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Index, ["manifests"] = new JsonArray([.. descriptors.Select(d => (JsonNode)d)]) }.ToJsonString()));
}
