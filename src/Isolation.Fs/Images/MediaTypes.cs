namespace Isolation.Fs.Images;

/// <summary>What blobs are, as OCI's (media-types.md) and Docker's registries name it.</summary>
internal static class MediaTypes
{
    public static bool IsIndex(string? type) => type is "application/vnd.oci.image.index.v1+json" or "application/vnd.docker.distribution.manifest.list.v2+json";

    public static bool IsManifest(string? type) => type is "application/vnd.oci.image.manifest.v1+json" or "application/vnd.docker.distribution.manifest.v2+json";

    public static bool IsConfig(string? type) => type is "application/vnd.oci.image.config.v1+json" or "application/vnd.docker.container.image.v1+json";

    public static bool IsLayer(string? type) => type is
        "application/vnd.oci.image.layer.v1.tar" or "application/vnd.oci.image.layer.v1.tar+gzip" or "application/vnd.oci.image.layer.v1.tar+zstd"
        or "application/vnd.oci.image.layer.nondistributable.v1.tar" or "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip" or "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"
        or "application/vnd.docker.image.rootfs.diff.tar" or "application/vnd.docker.image.rootfs.diff.tar.gzip" or "application/vnd.docker.image.rootfs.diff.tar.zstd";
}
