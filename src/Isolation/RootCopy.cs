using System.Collections.Immutable;
using Isolation.Fs;
using Isolation.Fs.Layers;
using Isolation.Namespaces;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

/// <summary>
/// A copy of a directory for one container, in the folder for temporary files. A living manager holds a lock on each of its own
/// (flock(2)), which the kernel ends with it: what is found without one is nobody's, and deleted.
/// </summary>
internal sealed class RootCopy
{
    private const string Prefix = "isolation-copy-", Tree = "root";

    private static int s_swept;

    private readonly Lock _ending = new();
    private readonly UserNamespaceMaps? _maps;
    private readonly string _folder;
    private readonly SafeFileHandle _lock;
    private LinuxException? _failure;
    private bool _hasEnded;

    private RootCopy(string folder, SafeFileHandle claim, UserNamespaceMaps? maps) => (_folder, _lock, _maps) = (folder, claim, maps);

    /// <summary>The copy.</summary>
    public string Path => System.IO.Path.Combine(_folder, Tree);

    /// <summary>What was left out of it.</summary>
    public ImmutableArray<LayerOmission> Omissions { get; private set; } = [];

    /// <summary>Copies a directory.</summary>
    /// <param name="source">The directory.</param>
    /// <param name="maps">Who the container's users are, to whom files in the copy may belong in the end; null without a user namespace.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    /// <exception cref="LinuxException">ENOSPC, EDQUOT; ENOENT, ENOTDIR, EACCES: the source.</exception>
    public static RootCopy Make(string source, UserNamespaceMaps? maps, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref s_swept, 1) == 0)
            DeleteLeftBehind();
        using RootDirectory from = RootDirectory.Open(source);
        RootCopy copy = Claim(maps);
        try
        {
            Directory.CreateDirectory(copy.Path);
            using RootDirectory to = RootDirectory.Open(copy.Path);
            copy.Omissions = TreeCopy.Copy(from, to, cancellationToken);
            return copy;
        }
        catch
        {
            copy.End();
            throw;
        }
    }

    /// <summary>Deletes the copy, the first time. The container has ended.</summary>
    /// <returns>Why it is still there, if it is.</returns>
    public LinuxException? End()
    {
        lock (_ending)
        {
            if (_hasEnded)
                return _failure;
            _hasEnded = true;
            try
            {
                Delete();
            }
            catch (LinuxException e)
            {
                _failure = e;
            }

            _lock.Dispose();
            return _failure;
        }
    }

    private void Delete()
    {
        try
        {
            DeleteFolder(_folder);
        }
        catch (LinuxException e) when (e.Errno is Errno.EACCES or Errno.EPERM && _maps is not null)
        {
            DeleteInside(_maps, Path);
            DeleteFolder(_folder);
        }
    }

    /// <summary>Deletes files of a container's other users: only inside such a user namespace are they ours to delete.</summary>
    private static void DeleteInside(UserNamespaceMaps maps, string path)
    {
        using Container inside = new ContainerBuilder().WithUserNs(maps).WithCommand("rm", "-rf", "--", path)
            .WithStandardInput(StandardStream.Null).WithStandardOutput(StandardStream.Null).WithStandardError(StandardStream.Null).Start();
        inside.WaitForExit();
    }

    private static RootCopy Claim(UserNamespaceMaps? maps)
    {
        while (true)
        {
            // mkdtemp(3): only this user can enter it.
            string folder = Directory.CreateTempSubdirectory(Prefix).FullName;
            using RootDirectory parent = RootDirectory.Open(System.IO.Path.GetDirectoryName(folder)!);
            if (TryLock(parent, System.IO.Path.GetFileName(folder)) is { } claim)
                return new RootCopy(folder, claim, maps);

            // Who sweeps was faster, and deletes it.
        }
    }

    private static void DeleteFolder(string folder)
    {
        using RootDirectory parent = RootDirectory.Open(System.IO.Path.GetDirectoryName(folder)!);
        parent.DeleteTree(System.IO.Path.GetFileName(folder));
    }

    private static void DeleteLeftBehind()
    {
        // The folder is everybody's: what others have put there under this name is theirs.
        uint self = (uint)Sys.Call(SyscallNumber.GetEuid);
        foreach (string folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*", new EnumerationOptions { IgnoreInaccessible = true }))
        {
            try
            {
                using RootDirectory parent = RootDirectory.Open(System.IO.Path.GetDirectoryName(folder)!);
                string name = System.IO.Path.GetFileName(folder);
                using SafeFileHandle? claim = parent.TryGetStatus(name, followLink: false)?.User == self ? TryLock(parent, name) : null;
                if (claim is null)
                    continue;
                try
                {
                    parent.DeleteTree(name);
                }
                catch (LinuxException e) when (e.Errno is Errno.EACCES or Errno.EPERM)
                {
                    // Its maps are not known any more; they can have had no other ids than all that are ours.
                    DeleteInside(UserNamespaceMaps.Subordinate, System.IO.Path.Combine(folder, Tree));
                    parent.DeleteTree(name);
                }
            }
            catch (Exception e) when (e is LinuxException or InvalidOperationException)
            {
                // That it is still there is no failure of the container that is being started.
            }
        }
    }

    /// <summary>Locks a folder, if nobody has, and it still has its name.</summary>
    private static SafeFileHandle? TryLock(RootDirectory parent, string name)
    {
        const int ExclusiveNow = 2 | 4;
        SafeFileHandle folder;
        try
        {
            folder = parent.OpenIn("lock the folder", name, Tmds.Linux.LibC.O_DIRECTORY | Tmds.Linux.LibC.O_NOFOLLOW);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }

        if (Sys.Call(SyscallNumber.Flock, folder.DangerousGetHandle(), ExclusiveNow) == 0
            && parent.TryGetStatus(name, followLink: false) is { } status && status.Inode == FileStatus.Of(folder, name).Inode)
            return folder;
        folder.Dispose();
        return null;
    }
}
