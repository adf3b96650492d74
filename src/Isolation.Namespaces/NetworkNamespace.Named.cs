using System.Collections.Immutable;
using System.Text;
using Isolation.Namespaces.Interop;
using Isolation.Syscalls;

namespace Isolation.Namespaces;

/// <remarks>
/// Those with a name are the ones of <c>ip netns</c>: files of /run/netns on which they are mounted (ip-netns(8)). What is
/// made here is listed and entered there, and the other way round.
/// </remarks>
public sealed partial class NetworkNamespace
{
    /// <summary>Where network namespaces with a name are: /run/netns.</summary>
    public const string NamedDirectory = "/run/netns";

    private const int LongestName = 255;

    /// <summary>Makes a network namespace that lives on under a name until <see cref="DeleteNamed"/>, as <c>ip netns add</c> does.</summary>
    /// <param name="name">A file name: without '/' and NUL, not '.' or '..', 255 bytes at the most.</param>
    /// <returns>A handle of it. Disposing the handle leaves the namespace.</returns>
    /// <exception cref="LinuxException">EEXIST: there is one; EACCES, EPERM: needs root. Nothing is left of one that was half made.</exception>
    public static NetworkNamespace CreateNamed(string name)
    {
        string path = NamedPath(name);
        NamespaceMount.ShareDirectory(NamedDirectory);
        if (!NamespaceMount.TryCreateFile(path))
            throw new LinuxException("make the network namespace", name, Errno.EEXIST, "openat", "OpenNamed opens the one that there is, DeleteNamed deletes it");
        NetworkNamespace? made = null;
        try
        {
            made = NetworkNamespace.Create();
            NamespaceMount.Mount(made, path);
            return made;
        }
        catch
        {
            made?.Dispose();
            NamespaceMount.DeleteFile(path);
            throw;
        }
    }

    /// <summary>Opens a network namespace by its name.</summary>
    /// <exception cref="LinuxException">ENOENT: there is none; EINVAL: the file is there, but nothing is mounted on it.</exception>
    public static NetworkNamespace OpenNamed(string name)
    {
        string path = NamedPath(name);
        try
        {
            return NetworkNamespace.Open(path);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            throw Missing("open", name, e.Call);
        }
    }

    /// <summary>The names of the network namespaces that have one, sorted. Files on which nothing is mounted are left out.</summary>
    public static ImmutableArray<string> ListNamed()
    {
        if (!Directory.Exists(NamedDirectory))
            return [];
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (string path in Directory.EnumerateFiles(NamedDirectory))
        {
            try
            {
                if (NamespaceFile.IsNamespace(path))
                    names.Add(Path.GetFileName(path));
            }
            catch (LinuxException e) when (e.Errno == Errno.ENOENT)
            {
                // Deleted by now.
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names.ToImmutable();
    }

    /// <summary>Takes the name from a network namespace, which ends when nothing else holds it. A file that is half made is deleted too.</summary>
    /// <exception cref="LinuxException">ENOENT: there is none; EPERM: needs root.</exception>
    public static void DeleteNamed(string name)
    {
        string path = NamedPath(name);
        if (!File.Exists(path))
            throw Missing("delete", name, null);

        // umount2(2), EINVAL: nothing is mounted there.
        if (NamespaceMount.TryUnmount(path) is < 0 and not -(long)Errno.EINVAL and var failed)
            throw new LinuxException("delete the network namespace", name, (Errno)(-failed), "umount2", (Errno)(-failed) == Errno.EPERM ? "It needs root" : null);
        NamespaceMount.DeleteFile(path);
    }

    private static string NamedPath(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." || name.AsSpan().ContainsAny('/', '\0'))
            throw new ArgumentException($"'{name}' is no name for a network namespace: that is a file name, without '/' and NUL, and neither '.' nor '..'.", nameof(name));
        if (Encoding.UTF8.GetByteCount(name) > LongestName)
            throw new ArgumentException($"A name of a network namespace has {LongestName} bytes at the most.", nameof(name));
        return $"{NamedDirectory}/{name}";
    }

    private static LinuxException Missing(string verb, string name, string? call)
        => new($"{verb} the network namespace", name, Errno.ENOENT, call, $"ListNamed, or 'ip netns list', shows those that {NamedDirectory} has");
}
