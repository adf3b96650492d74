using System.Collections.Immutable;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs.Layers;

/// <summary>
/// Copies a tree, as a layer of it would be applied, in one pass: with owners, permissions, attributes, times and hard links. No
/// link is followed. What is mounted below is not entered. What this user cannot read or make is left out and told.
/// </summary>
/// <remarks>The tree may be in use. A file is copied as it is when it is opened, with the owner, permissions and attributes of what was opened.</remarks>
internal sealed class TreeCopy : IDisposable
{
    private readonly RootDirectory _source, _target;
    private readonly ulong _mount;
    private readonly LayerOptions _options = new();
    private readonly OmissionList _omissions = new();
    private readonly LayerFiles _files;
    private readonly ParentCache _parents;
    private readonly Dictionary<(ulong FileSystem, ulong Inode), string> _firstNames = [];
    private readonly byte[] _buffer = new byte[256 << 10];
    private readonly CancellationToken _cancellationToken;

    private TreeCopy(RootDirectory source, ulong mount, RootDirectory target, CancellationToken cancellationToken)
    {
        (_source, _mount, _target, _cancellationToken) = (source, mount, target, cancellationToken);
        _files = new LayerFiles(target, _options, _omissions);
        _parents = new ParentCache(target, _options);
    }

    /// <summary>Copies what is in one directory, and its own attributes, to another, which is empty.</summary>
    /// <returns>What was left out.</returns>
    /// <exception cref="LinuxException">ENOSPC, EDQUOT: there is no room for it. ESTALE: a file became something else meanwhile. Or the source cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the target holds a part of it.</exception>
    public static ImmutableArray<LayerOmission> Copy(RootDirectory source, RootDirectory target, CancellationToken cancellationToken)
    {
        FileStatus root = source.GetStatus("/");
        using var copy = new TreeCopy(source, root.MountId, target, cancellationToken);
        copy.CopyDirectories();
        TarEntry self = Describe(root, TarEntry.Directory, copy.AttributesOrOmit("/"));
        copy._parents.SetLater("", self.Time, self.Mode);
        self.Mode = copy._parents.Workable(self.Mode);
        using (EntryPlace place = target.Self())
            copy._files.FinishDirectory(place.Directory, place.Name, self, "/");
        copy._parents.ApplyLater();
        return copy._omissions.All;
    }

    public void Dispose() => _parents.Dispose();

    private void CopyDirectories()
    {
        var left = new Stack<string>([""]);
        while (left.TryPop(out string? folder))
        {
            foreach (RootEntry entry in ListOrOmit(folder))
            {
                _cancellationToken.ThrowIfCancellationRequested();
                string path = folder.Length == 0 ? entry.Path : $"{folder}/{entry.Path}";
                bool isMounted = entry.Status.MountId != _mount;
                if (isMounted)
                    _omissions.Add("mount", path);
                if (entry.Status.IsDirectory)
                    CopyDirectory(path, entry.Status);
                else if (!isMounted)
                    CopyFile(path, entry.Status);
                if (entry.Status.IsDirectory && !isMounted)
                    left.Push(path);
            }
        }
    }

    private ImmutableArray<RootEntry> ListOrOmit(string folder)
    {
        try
        {
            return _source.List(folder.Length == 0 ? "/" : folder);
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES && folder.Length > 0)
        {
            _omissions.Add("content", folder);
            return [];
        }
    }

    private void CopyDirectory(string path, FileStatus status)
    {
        (int directory, byte[] name) = PlaceOf(path);
        TarEntry entry = Describe(status, TarEntry.Directory, AttributesOrOmit(path));
        _files.MakeDirectory(directory, name, path);
        _parents.SetLater(path, entry.Time, entry.Mode);
        entry.Mode = _parents.Workable(entry.Mode);
        _files.FinishDirectory(directory, name, entry, path);
    }

    private void CopyFile(string path, FileStatus status)
    {
        if (status.Links > 1 && _firstNames.TryGetValue((status.FileSystem, status.Inode), out string? first))
        {
            (string folder, string last) = LayerPath.Split(first);
            using SafeFileHandle from = _target.OpenIn("find what it is another name of:", folder.Length == 0 ? "/" : folder, OpenPath | OpenDirectory);
            (int directory, byte[] name) = PlaceOf(path);
            _files.MakeHardLink((int)from.DangerousGetHandle(), PathText.Encode(last), directory, name, path);
            return;
        }

        if (Make(path, status) is { Links: > 1 } made)
            _firstNames.TryAdd((made.FileSystem, made.Inode), path);
    }

    /// <returns>Of what it is a copy; null if it was left out.</returns>
    private FileStatus? Make(string path, FileStatus status)
    {
        char type = status.Kind switch
        {
            FileKind.Regular => TarEntry.Regular,
            FileKind.SymbolicLink => TarEntry.SymbolicLink,
            FileKind.CharacterDevice => TarEntry.Character,
            FileKind.BlockDevice => TarEntry.Block,
            FileKind.Fifo => TarEntry.Fifo,
            _ => default,
        };

        // socket(7): a socket is its process's, not the tree's.
        if (type == default)
        {
            _omissions.Add("socket", path);
            return null;
        }

        if (type == TarEntry.Regular)
            return CopyContent(path);
        (int directory, byte[] name) = PlaceOf(path);
        TarEntry entry = Describe(status, type, AttributesOrOmit(path));
        if (type == TarEntry.SymbolicLink)
        {
            entry.LinkName = _source.ReadLink(path);
            _files.MakeLink(directory, name, entry, path);
            return status;
        }

        (entry.DeviceMajor, entry.DeviceMinor) = (status.DeviceMajor, status.DeviceMinor);
        _files.MakeNode(directory, name, entry, path);
        return type == TarEntry.Fifo || _options.Privilege == LayerPrivilege.Full ? status : null;
    }

    private FileStatus? CopyContent(string path)
    {
        SafeFileHandle source;
        try
        {
            source = _source.OpenRead(path);
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES)
        {
            _omissions.Add("content", path);
            return null;
        }

        using (source)
        {
            FileStatus status = FileStatus.Of(source, path);
            if (!status.IsRegularFile || status.MountId != _mount)
                throw new LinuxException("copy", path, Errno.ESTALE, hint: "It became something else while the tree was copied");
            (int directory, byte[] name) = PlaceOf(path);
            int file = _files.Create(directory, name, path);
            try
            {
                // No further than it was long: a file that grows as fast as it is copied would have no end.
                int read;
                for (long at = 0; (read = RandomAccess.Read(source, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, status.Size - at)), at)) > 0; at += read)
                {
                    _cancellationToken.ThrowIfCancellationRequested();
                    _files.Write(file, _buffer.AsSpan(0, read), path);
                }

                TarEntry entry = Describe(status, TarEntry.Regular, AttributesOrOmit(source, path));
                _files.Finish(file, entry, path, (_parents.Status.Permissions & UnixFileMode.SetGroup) != 0);
                return status;
            }
            finally
            {
                Sys.Call(SyscallNumber.Close, file);
            }
        }
    }

    private (int Directory, byte[] Name) PlaceOf(string path)
    {
        (string folder, string name) = LayerPath.Split(path);
        return (_parents.Open(folder), PathText.Encode(name));
    }

    private static TarEntry Describe(FileStatus status, char type, List<(string Name, byte[] Value)>? attributes) => new()
    {
        Type = type,
        Mode = (int)status.Permissions,
        User = status.User,
        Group = status.Group,
        Time = status.LastWrite,
        Attributes = attributes,
    };

    private List<(string Name, byte[] Value)>? AttributesOrOmit(string path)
    {
        try
        {
            using SafeFileHandle file = _source.OpenObject(RootDirectory.ListAttributesOperation, path, followLink: false);
            return AttributesOrOmit(file, path);
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES)
        {
            _omissions.Add("attributes", path);
            return null;
        }
    }

    private List<(string Name, byte[] Value)>? AttributesOrOmit(SafeFileHandle file, string path)
    {
        try
        {
            return LayerDifference.Attributes(_source, file, path) is { Count: > 0 } attributes ? attributes : null;
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES)
        {
            _omissions.Add("attributes", path);
            return null;
        }
    }
}
