using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs;

/// <summary>A terminal by its name.</summary>
internal static class HostTerminal
{
    /// <summary>
    /// The path of the terminal that a descriptor shows (ttyname(3)). Null when it is no terminal, or one that has no name here: that of
    /// another devpts, or of another mount namespace.
    /// </summary>
    public static string? PathOf(SafeFileHandle stream)
    {
        if (stream.IsInvalid || stream.IsClosed)
            return null;
        try
        {
            using var use = new DescriptorUse(stream);
            if (Tmds.Linux.LibC.isatty(use.Descriptor) != 1 || File.ResolveLinkTarget($"/proc/self/fd/{use.Descriptor}", returnFinalTarget: false)?.FullName is not { } path)
                return null;
            FileStatus named = FileStatus.Of(path, "look at", followLink: false), shown = FileStatus.Of(stream, path);
            return (named.Kind, named.FileSystem, named.Inode) == (FileKind.CharacterDevice, shown.FileSystem, shown.Inode) ? path : null;
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
