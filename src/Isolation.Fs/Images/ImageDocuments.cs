using System.Text.Json.Serialization;

namespace Isolation.Fs.Images;

/// <summary>What is read of oci-layout (OCI image specification, image-layout.md).</summary>
internal sealed record LayoutDocument([property: JsonPropertyName("imageLayoutVersion")] string? Version);

/// <summary>What is read of an index (image-index.md).</summary>
internal sealed record IndexDocument(
    [property: JsonPropertyName("schemaVersion")] int SchemaVersion,
    [property: JsonPropertyName("mediaType")] string? MediaType,
    [property: JsonPropertyName("manifests")] DescriptorDocument[]? Manifests);

/// <summary>What is read of a manifest (manifest.md).</summary>
internal sealed record ManifestDocument(
    [property: JsonPropertyName("schemaVersion")] int SchemaVersion,
    [property: JsonPropertyName("mediaType")] string? MediaType,
    [property: JsonPropertyName("config")] DescriptorDocument? Config,
    [property: JsonPropertyName("layers")] DescriptorDocument[]? Layers);

/// <summary>What is read of a descriptor (descriptor.md).</summary>
internal sealed record DescriptorDocument(
    [property: JsonPropertyName("mediaType")] string? MediaType,
    [property: JsonPropertyName("digest")] string? Digest,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("platform")] PlatformDocument? Platform,
    [property: JsonPropertyName("annotations")] Dictionary<string, string>? Annotations);

/// <summary>What is read of a platform (image-index.md).</summary>
internal sealed record PlatformDocument(
    [property: JsonPropertyName("os")] string? System,
    [property: JsonPropertyName("architecture")] string? Architecture,
    [property: JsonPropertyName("variant")] string? Variant);

/// <summary>What is read of an image's configuration (config.md).</summary>
internal sealed record ConfigDocument(
    [property: JsonPropertyName("os")] string? System,
    [property: JsonPropertyName("architecture")] string? Architecture,
    [property: JsonPropertyName("variant")] string? Variant,
    [property: JsonPropertyName("config")] ExecutionDocument? Execution,
    [property: JsonPropertyName("rootfs")] RootFsDocument? RootFs);

/// <summary>What is read of a configuration's <c>config</c> (config.md).</summary>
internal sealed record ExecutionDocument(
    [property: JsonPropertyName("Entrypoint")] string[]? Entrypoint,
    [property: JsonPropertyName("Cmd")] string[]? Command,
    [property: JsonPropertyName("Env")] string[]? Environment,
    [property: JsonPropertyName("User")] string? User,
    [property: JsonPropertyName("WorkingDir")] string? WorkingDirectory,
    [property: JsonPropertyName("StopSignal")] string? StopSignal,
    [property: JsonPropertyName("Labels")] Dictionary<string, string>? Labels);

/// <summary>What is read of a configuration's <c>rootfs</c> (config.md).</summary>
internal sealed record RootFsDocument([property: JsonPropertyName("diff_ids")] string[]? LayerDigests);

/// <summary>Reads them without reflection.</summary>
[JsonSerializable(typeof(LayoutDocument))]
[JsonSerializable(typeof(IndexDocument))]
[JsonSerializable(typeof(ManifestDocument))]
[JsonSerializable(typeof(ConfigDocument))]
internal sealed partial class ImageJson : JsonSerializerContext;
