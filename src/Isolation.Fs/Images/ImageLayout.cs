using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Isolation.Fs.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Images;

/// <summary>
/// A directory of images as skopeo, buildah and umoci write it (OCI image specification, image-layout.md). It may be
/// hostile: each blob's size and digest are checked, documents are bounded, and no link leads outside.
/// </summary>
public sealed class ImageLayout : IDisposable
{
    /// <summary>The largest document that is read, in bytes: as much as registries take.</summary>
    private const int MaxDocumentBytes = 4 << 20;

    /// <summary>How many indexes may lead to one another.</summary>
    private const int MaxIndexes = 4;

    private const string TagAnnotation = "org.opencontainers.image.ref.name";

    // Two readers of a document with the same key twice may see different images.
    private static readonly ImageJson s_json = new(new JsonSerializerOptions { AllowDuplicateProperties = false, MaxDepth = 32 });

    private readonly DescriptorDocument[] _manifests;

    private ImageLayout(RootDirectory folder)
    {
        Folder = folder;
        LayoutDocument layout = Read("oci-layout", s_json.LayoutDocument);
        if (layout.Version != "1.0.0")
            throw new LayerException(LayerFault.Unsupported, "oci-layout", $"The version of the layout is {Show(layout.Version)} and not 1.0.0");
        _manifests = Checked(Read("index.json", s_json.IndexDocument), "index.json");
        Tags = [.. _manifests.Select(m => new ImageTag(TagOf(m), BlobDigest.Parse(m.Digest).ToString(), PlatformOf(m.Platform)))];
    }

    /// <summary>What the layout's index lists.</summary>
    public ImmutableArray<ImageTag> Tags { get; }

    internal RootDirectory Folder { get; }

    /// <summary>Opens a layout.</summary>
    /// <param name="folder">The directory with <c>oci-layout</c>, <c>index.json</c> and <c>blobs</c>.</param>
    /// <exception cref="LayerException">It is none, or of another version.</exception>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES.</exception>
    public static ImageLayout Open(string folder)
    {
        RootDirectory root = RootDirectory.Open(folder);
        try
        {
            return new ImageLayout(root);
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    /// <summary>Finds an image and reads its manifest and its configuration.</summary>
    /// <param name="tag">Its tag; null when the layout has one image only.</param>
    /// <param name="platform">What it has to be for; null for this machine.</param>
    /// <exception cref="LayerException">There is no such image, or more than one; or a document is malformed, too large, or not what its digest says.</exception>
    public Image Find(string? tag = null, ImagePlatform? platform = null)
    {
        DescriptorDocument[] candidates = [.. _manifests.Where(m => tag is null || TagOf(m) == tag)];
        if (candidates.Length == 0)
            throw new LayerException(LayerFault.Missing, tag, $"The layout has no such image; it has {Show(_manifests.Select(TagOf))}");
        if (tag is null && candidates.Select(TagOf).Distinct().Count() > 1)
            throw new LayerException(LayerFault.Missing, null, $"The layout has more than one image; name one of {Show(candidates.Select(TagOf))}");
        platform ??= ImagePlatform.Current;
        DescriptorDocument descriptor = Choose(candidates, platform, tag);
        for (int depth = 0; MediaTypes.IsIndex(descriptor.MediaType); depth++)
        {
            if (depth == MaxIndexes)
                throw new LayerException(LayerFault.TooLarge, descriptor.Digest, "Too many indexes lead to one another");
            IndexDocument index = ReadBlob(descriptor, s_json.IndexDocument);
            CheckType(descriptor, index.MediaType);
            descriptor = Choose(Checked(index, descriptor.Digest), platform, tag);
        }

        return ReadImage(descriptor, platform);
    }

    /// <summary>Closes the directory.</summary>
    public void Dispose() => Folder.Dispose();

    private Image ReadImage(DescriptorDocument descriptor, ImagePlatform wanted)
    {
        if (!MediaTypes.IsManifest(descriptor.MediaType))
            throw new LayerException(LayerFault.Unsupported, descriptor.Digest, $"'{Show(descriptor.MediaType)}' is no manifest of an image");
        ManifestDocument manifest = ReadBlob(descriptor, s_json.ManifestDocument);
        CheckType(descriptor, manifest.MediaType);
        if (manifest.SchemaVersion != 2 || manifest.Config is null || manifest.Layers is null || manifest.Layers.Contains(null!))
            throw new LayerException(LayerFault.Malformed, descriptor.Digest, "The manifest lacks its version, its configuration or its layers");
        if (!MediaTypes.IsConfig(manifest.Config.MediaType))
            throw new LayerException(LayerFault.Unsupported, descriptor.Digest, $"'{Show(manifest.Config.MediaType)}' is no configuration of an image");
        if (manifest.Layers.FirstOrDefault(l => !MediaTypes.IsLayer(l.MediaType)) is { } other)
            throw new LayerException(LayerFault.Unsupported, other.Digest, $"'{Show(other.MediaType)}' is no layer");
        CheckSizes(manifest.Layers);
        ConfigDocument config = ReadBlob(manifest.Config, s_json.ConfigDocument);
        if (HasNull(config.Execution))
            throw new LayerException(LayerFault.Malformed, manifest.Config.Digest, "The configuration has a null where a text has to be");
        string[] digests = config.RootFs?.LayerDigests ?? [];
        if (digests.Length != manifest.Layers.Length)
            throw new LayerException(LayerFault.Malformed, manifest.Config.Digest, $"The configuration tells of {digests.Length} layers and the manifest of {manifest.Layers.Length}");
        var platform = new ImagePlatform(config.System ?? "", config.Architecture ?? "", config.Variant);
        if (!platform.Serves(wanted))
            throw new LayerException(LayerFault.Missing, descriptor.Digest, $"The image is for {Show(platform.ToString())} and not for {wanted}");
        return new Image(
            this,
            BlobDigest.Parse(descriptor.Digest).ToString(),
            platform,
            ImageConfig.From(config.Execution),
            [.. manifest.Layers.Zip(digests, (l, d) => new ImageLayer(BlobDigest.Parse(l.Digest), l.Size, BlobDigest.Parse(d)))]);
    }

    private static DescriptorDocument Choose(DescriptorDocument[] candidates, ImagePlatform platform, string? tag)
    {
        DescriptorDocument[] fitting = [.. candidates.Where(c => PlatformOf(c.Platform) is not { } own || own.Serves(platform))];
        if (fitting.Length == 0)
            throw new LayerException(LayerFault.Missing, tag, $"There is no image for {platform}, but for {Show(candidates.Select(c => PlatformOf(c.Platform)?.ToString()))}");
        DescriptorDocument chosen = fitting.FirstOrDefault(c => PlatformOf(c.Platform) is not null) ?? fitting[0];

        // Of several variants any will do. Two images for the same are not told apart.
        int images = fitting.Where(c => PlatformOf(c.Platform) == PlatformOf(chosen.Platform)).Select(c => c.Digest).Distinct().Count();
        return images == 1 ? chosen : throw new LayerException(LayerFault.Missing, tag, $"There are {images} different images for {platform}, and nothing tells which one is meant");
    }

    private static DescriptorDocument[] Checked(IndexDocument index, string? name)
        => index is { SchemaVersion: 2, Manifests: { } manifests } && !manifests.Contains(null!)
            ? manifests
            : throw new LayerException(LayerFault.Malformed, name, "The index lacks its version or its manifests");

    // A document that is an index to one reader and a manifest to another (CVE-2021-41190).
    private static void CheckType(DescriptorDocument descriptor, string? own)
    {
        if (own is not null && own != descriptor.MediaType)
            throw new LayerException(LayerFault.Malformed, descriptor.Digest, $"It says that it is '{Show(own)}', where '{descriptor.MediaType}' is expected");
    }

    private static bool HasNull(ExecutionDocument? document)
        => document is not null && ((string?[])[.. document.Entrypoint ?? [], .. document.Command ?? [], .. document.Environment ?? [], .. (document.Labels ?? []).Values]).Contains(null);

    private static void CheckSizes(DescriptorDocument[] layers)
    {
        long sum = 0;
        foreach (DescriptorDocument layer in layers)
        {
            if (layer.Size < 0 || layer.Size > long.MaxValue - sum)
                throw new LayerException(LayerFault.Malformed, layer.Digest, $"A layer of {layer.Size} bytes, after layers of {sum}, cannot be");
            sum += layer.Size;
        }
    }

    private static string? TagOf(DescriptorDocument descriptor) => descriptor.Annotations?.GetValueOrDefault(TagAnnotation);

    private static ImagePlatform? PlatformOf(PlatformDocument? platform)
        => platform is { System: { } system, Architecture: { } architecture } ? new ImagePlatform(system, architecture, platform.Variant) : null;

    private static string Show(IEnumerable<string?> names)
    {
        const int MaxNames = 20;
        string[] all = [.. names.Select(n => n is null ? "one without a name" : Show(n)).Distinct().Take(MaxNames + 1)];
        return all.Length == 0 ? "none" : string.Join(", ", all.Take(MaxNames)) + (all.Length > MaxNames ? ", ..." : "");
    }

    // A hostile text may be long, and may steer a terminal.
    private static string Show(string? text)
        => text is null ? "missing" : string.Concat(text.Take(200).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > 200 ? "..." : "");

    private T ReadBlob<T>(DescriptorDocument descriptor, JsonTypeInfo<T> type)
    {
        if (descriptor.Size is < 0 or > MaxDocumentBytes)
            throw new LayerException(LayerFault.TooLarge, descriptor.Digest, $"A document of {descriptor.Size} bytes is not read");
        using BlobStream blob = BlobStream.Open(Folder, BlobDigest.Parse(descriptor.Digest), descriptor.Size);
        byte[] bytes = new byte[descriptor.Size];
        blob.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        blob.Verify();
        return Parse(bytes, type, descriptor.Digest);
    }

    private T Read<T>(string name, JsonTypeInfo<T> type)
    {
        try
        {
            return Parse(Folder.TryReadBytes(name, MaxDocumentBytes) ?? throw new LayerException(LayerFault.Missing, name, "The directory is no layout of images"), type, name);
        }
        catch (LinuxException e) when (e.Errno == Errno.EFBIG)
        {
            throw new LayerException(LayerFault.TooLarge, name, $"It has more than {MaxDocumentBytes} bytes", e);
        }
    }

    private static T Parse<T>(byte[] bytes, JsonTypeInfo<T> type, string? name)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new LayerException(LayerFault.Malformed, name, "It is null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new LayerException(LayerFault.Malformed, name, "It is not the JSON that is expected", e);
        }
    }
}
