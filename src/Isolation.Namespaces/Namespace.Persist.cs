using Isolation.Namespaces.Interop;
using Isolation.Syscalls;

namespace Isolation.Namespaces;

public abstract partial class Namespace
{
    /// <summary>
    /// Keeps the namespace alive by mounting it on a file, which is made when there is none (namespaces(7)).
    /// <see cref="FromPath"/> opens it there, and <see cref="ReleaseAt"/> lets it go.
    /// </summary>
    /// <remarks>
    /// Linux 6.18 was seen to count the age of mount namespaces per CPU, so that a newer one that was made on another CPU than the
    /// caller's can count as older, and is refused.
    /// </remarks>
    /// <param name="path">The file. It is not looked at, only mounted upon.</param>
    /// <exception cref="LinuxException">
    /// EPERM: needs CAP_SYS_ADMIN over the caller's mount namespace; EINVAL: a mount namespace is kept only in an older one, and
    /// where mounts are private; ENOENT, EACCES. A file that was made is deleted again.
    /// </exception>
    public void PersistAt(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool made = NamespaceMount.TryCreateFile(path);
        try
        {
            NamespaceMount.Mount(this, path);
        }
        catch when (made)
        {
            NamespaceMount.DeleteFile(path);
            throw;
        }
    }

    /// <summary>Unmounts a namespace from a file and deletes the file. The namespace ends when nothing else holds it.</summary>
    /// <exception cref="LinuxException">ENOENT; EINVAL: no namespace is mounted there, and nothing was changed; EPERM: needs CAP_SYS_ADMIN.</exception>
    public static void ReleaseAt(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!NamespaceFile.IsNamespace(path))
            throw new LinuxException("release the namespace at", path, Errno.EINVAL, null, "No namespace is mounted there");
        NamespaceMount.Unmount(path);
        NamespaceMount.DeleteFile(path);
    }
}
