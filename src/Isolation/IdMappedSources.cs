using Isolation.Fs;
using Isolation.Namespaces;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

/// <summary>
/// Mounts that the manager makes for each start, with ids mapped (mount_setattr(2)): that takes privilege in the file system's
/// namespace, which a child in a user namespace has not. They are what binds ask for; and, where root starts a container with a user
/// namespace, its root: the files of it belong to the host's ids, which do not exist inside, and so host root's files are
/// the container root's.
/// </summary>
internal sealed class IdMappedSources
{
    private readonly string[] _rootPaths;
    private readonly SafeFileHandle? _userNamespace;
    private readonly BindMountSpec[] _binds;

    private IdMappedSources(string[] rootPaths, SafeFileHandle? userNamespace, BindMountSpec[] binds)
    {
        _rootPaths = rootPaths;
        _userNamespace = userNamespace;
        _binds = binds;
    }

    /// <summary>
    /// Makes ready, or returns null where nothing is to be mapped. A root whose file system cannot map ids (some network file
    /// systems) is used as it is.
    /// </summary>
    public static IdMappedSources? TryCreate(RootFs? root, UserNamespaceMaps? maps, IEnumerable<BindMountSpec> binds)
    {
        BindMountSpec[] mapped = [.. binds.Where(b => b.Change.UserNamespace is not null)];
        if (root is not null && maps is { IsCallerOnly: false } && Environment.IsPrivilegedProcess)
        {
            string[] paths = root.IsHost ? [.. root.HostEntries.Where(e => e.LinkTarget is null).Select(e => $"/{e.Name}")] : [.. root.Folders];
            SafeFileHandle userNamespace = UserNamespaceHolder.Get(maps);
            try
            {
                foreach (SafeFileHandle handle in new IdMappedSources(paths, userNamespace, []).Open())
                    handle.Dispose();
                return new IdMappedSources(paths, userNamespace, mapped);
            }
            catch (LinuxException e) when (e.Errno == Errno.EINVAL)
            {
                // As it is.
            }
        }

        return mapped.Length == 0 ? null : new IdMappedSources([], null, mapped);
    }

    /// <summary>Declares the mounts as inputs of the program, and returns the root as made of them.</summary>
    public RootFs? DeclareInputs(SyscallProgramBuilder program, RootFs? root, MountsInRoot mounts)
    {
        if (_userNamespace is not null)
            root = DeclareRoot(program, root!);
        foreach (BindMountSpec bind in _binds)
            mounts.Supply(bind, program.Input("source"));
        return root;
    }

    /// <summary>The mounts for one start, in the order of the inputs.</summary>
    public SafeFileHandle[] Open()
    {
        var handles = new List<SafeFileHandle>(_rootPaths.Length + _binds.Length);
        try
        {
            foreach (string path in _rootPaths)
                handles.Add(IdMappedMount.Create(path, _userNamespace!));
            foreach (BindMountSpec bind in _binds)
                handles.Add(IdMappedMount.Create(bind));
            return [.. handles];
        }
        catch
        {
            handles.ForEach(h => h.Dispose());
            throw;
        }
    }

    private static RootFs DeclareRoot(SyscallProgramBuilder program, RootFs root)
    {
        if (root.IsHost)
            return root with { HostEntries = [.. root.HostEntries.Select(e => e.LinkTarget is null ? e with { Source = program.Input(e.Name) } : e)] };
        return root with
        {
            Source = program.Input("root"),
            Below = [.. root.Below.Select((l, i) => l with { Source = program.Input($"layer{i + 1}") })],
            Changes = root.Changes is null ? null : root.Changes with { Source = program.Input("changes") },
        };
    }
}
