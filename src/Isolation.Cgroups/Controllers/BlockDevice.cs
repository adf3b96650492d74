using System.Globalization;
using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

/// <summary>A block device, by its numbers.</summary>
/// <param name="Major">The major number.</param>
/// <param name="Minor">The minor number.</param>
public readonly record struct BlockDevice(int Major, int Minor)
{
    /// <summary>The device of a device file such as <c>/dev/sda</c>, or the one that a file or directory is stored on.</summary>
    /// <remarks>Of a partition the whole disk is meant: the io controller knows no other.</remarks>
    /// <exception cref="LinuxException">ENOENT: there is no such file; ENOTBLK: it is stored on no block device, such as in memory or on an overlay.</exception>
    public static BlockDevice Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (int mode, BlockDevice special, BlockDevice holds) = DeviceNumbers.Of(path);
        const int TypeMask = 0xf000, Block = 0x6000;
        BlockDevice device = (mode & TypeMask) == Block ? special : holds;
        string folder = $"/sys/dev/block/{device}";
        if (!Directory.Exists(folder))
            throw new LinuxException("find the block device of", path, Errno.ENOTBLK, null, $"It is on {device}, which is no block device");
        if (!File.Exists(folder + "/partition"))
            return device;

        // The folder of a partition is below that of its disk.
        string disk = Path.GetDirectoryName(new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)!.FullName)!;
        return Parse(File.ReadAllText(disk + "/dev").Trim());
    }

    /// <summary>Reads numbers such as <c>8:16</c>.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public static BlockDevice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int major) && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            ? new BlockDevice(major, minor)
            : throw new FormatException($"These are no numbers of a device such as 8:16: '{text}'.");
    }

    /// <summary>As the kernel writes it: <c>8:16</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}:{Minor}");
}
