namespace Isolation.Fs.Layers;

/// <summary>Which extended attributes of a layer come onto the disk (xattr(7)).</summary>
internal static class AttributeRules
{
    /// <summary>
    /// Whether it is applied. Not those of overlayfs: a layer with them would steer what an overlay of it shows (overlayfs.rst,
    /// "redirect_dir", "metacopy"). Nor those that belong to the machine and not to the file, such as labels and signatures.
    /// </summary>
    public static bool IsApplied(string name)
        => !name.StartsWith("trusted.overlay.", StringComparison.Ordinal)
            && !name.StartsWith("user.overlay.", StringComparison.Ordinal)
            && (name.StartsWith("user.", StringComparison.Ordinal)
                || name.StartsWith("trusted.", StringComparison.Ordinal)
                || name is "security.capability" or "system.posix_acl_access" or "system.posix_acl_default");

    /// <summary>Whether an ordinary user may set it on his files. File capabilities are his only inside a user namespace.</summary>
    public static bool NeedsPrivilege(string name) => name.StartsWith("trusted.", StringComparison.Ordinal) || name == "security.capability";
}
