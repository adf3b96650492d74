using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Makes a cgroup below this one.</summary>
    /// <param name="name">Its name: one part of a path, at most 255 bytes, nothing that looks like a file of the kernel.</param>
    /// <exception cref="CgroupException">EEXIST: there is one; EAGAIN: a limit of depth or number is reached; EACCES: this is not the caller's.</exception>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    public Cgroup CreateChild(string name)
    {
        _directory.CreateChild(CgroupName.Check(name));
        try
        {
            return new Cgroup(_directory.OpenChild(name));
        }
        catch
        {
            // Without a descriptor for it, nobody would remove it.
            _directory.TryRemoveChild(name);
            throw;
        }
    }

    /// <summary>Opens a cgroup below this one.</summary>
    /// <exception cref="CgroupException">ENOENT: there is none.</exception>
    public Cgroup OpenChild(string name) => new(_directory.OpenChild(CgroupName.Check(name)));

    /// <summary>Opens a cgroup below this one, which is made if it is not there.</summary>
    public Cgroup OpenOrCreateChild(string name)
    {
        try
        {
            return CreateChild(name);
        }
        catch (CgroupException e) when (e.Errno == Errno.EEXIST)
        {
            return OpenChild(name);
        }
    }

    /// <summary>The names of the cgroups right below this one.</summary>
    /// <exception cref="CgroupException">ENODEV: it has been removed; EMFILE and the like.</exception>
    public IReadOnlyList<string> ListChildren()
    {
        try
        {
            // The descriptor, not the path, which could lead elsewhere by now.
            string[] names = [.. new DirectoryInfo($"/proc/self/fd/{Handle.DangerousGetHandle()}").EnumerateDirectories().Select(static d => d.Name).Order(StringComparer.Ordinal)];

            // A removed directory is an empty one.
            if (names.Length > 0 || _directory.Reason(Errno.ENOENT) == Errno.ENOENT)
                return names;
        }
        catch (DirectoryNotFoundException)
        {
            // Removed, as other kernels say it.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Hints.Failure("list", Path, null, null, e is IOException ? (Errno)e.HResult : Errno.EACCES, "openat");
        }

        throw Hints.Failure("list", Path, null, null, Errno.ENODEV, null);
    }

    /// <summary>Goes over all cgroups below this one, each before those below it. What is removed meanwhile is left out.</summary>
    /// <remarks>Each is open until the next one is asked for.</remarks>
    public IEnumerable<Cgroup> Walk() => Walk(ListChildren());

    internal Cgroup? TryOpenChild(string name)
    {
        try
        {
            return new Cgroup(_directory.OpenChild(name));
        }
        catch (CgroupException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return null;
        }
    }

    private IEnumerable<Cgroup> Walk(IReadOnlyList<string> children)
    {
        foreach (string name in children)
        {
            if (TryOpenChild(name) is not { } child)
                continue;
            using (child)
            {
                yield return child;
                foreach (Cgroup below in child.Walk(child.ListChildrenIfThere()))
                    yield return below;
            }
        }
    }

    private IReadOnlyList<string> ListChildrenIfThere()
    {
        try
        {
            return ListChildren();
        }
        catch (CgroupException e) when (e.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return [];
        }
    }
}
