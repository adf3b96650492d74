using Isolation.Fs;
using Isolation.Namespaces;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

/// <summary>
/// Where root starts a container with a user namespace, the files of its root belong to the host's ids, which do not exist
/// inside. So the manager supplies the root as id-mapped mounts (mount_setattr(2)): host root's files are the container
/// root's. The mapping needs privilege in the file system's namespace, which a child in a user namespace has not.
/// </summary>
internal sealed class IdMappedSources
{
    private readonly string[] _paths;
    private readonly SafeFileHandle _userNamespace;

    private IdMappedSources(string[] paths, SafeFileHandle userNamespace)
    {
        _paths = paths;
        _userNamespace = userNamespace;
    }

    /// <summary>Makes ready, or returns null where nothing is to be mapped or the file system cannot (some network file systems).</summary>
    public static IdMappedSources? TryCreate(RootFs? root, UserNamespaceMaps? maps)
    {
        if (root is null || maps is null || maps.IsCallerOnly || !Environment.IsPrivilegedProcess)
            return null;
        string[] paths = root.IsHost ? [.. root.HostEntries.Where(e => e.LinkTarget is null).Select(e => $"/{e.Name}")] : [.. root.Folders];
        SafeFileHandle userNamespace = UserNamespaceHolder.Get(maps);
        var sources = new IdMappedSources(paths, userNamespace);
        try
        {
            foreach (SafeFileHandle handle in sources.Open())
                handle.Dispose();
            return sources;
        }
        catch (LinuxException e) when (e.Errno == Errno.EINVAL)
        {
            return null;
        }
    }

    /// <summary>Declares the mounts as inputs of the program, and the root as made of them.</summary>
    public static RootFs DeclareInputs(SyscallProgramBuilder program, RootFs root)
    {
        if (!root.IsHost)
        {
            return root with
            {
                Source = program.Input("root"),
                Below = [.. root.Below.Select((l, i) => l with { Source = program.Input($"layer{i + 1}") })],
                Changes = root.Changes is null ? null : root.Changes with { Source = program.Input("changes") },
            };
        }

        return root with { HostEntries = [.. root.HostEntries.Select(e => e.LinkTarget is null ? e with { Source = program.Input(e.Name) } : e)] };
    }

    /// <summary>The mounts for one start, in the order of the inputs.</summary>
    public SafeFileHandle[] Open()
    {
        var handles = new List<SafeFileHandle>(_paths.Length);
        try
        {
            foreach (string path in _paths)
                handles.Add(IdMappedMount.Create(path, _userNamespace));
            return [.. handles];
        }
        catch
        {
            handles.ForEach(h => h.Dispose());
            throw;
        }
    }
}
