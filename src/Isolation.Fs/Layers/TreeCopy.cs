using System.Collections.Immutable;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs.Layers;

/// <summary>
/// Copies a tree, as a layer of it would be applied, in one pass: with owners, permissions, attributes, times and hard links. No
/// link is followed. What is mounted below is not entered. What this user cannot read or make is left out and told.
/// </summary>
/// <remarks>
/// The tree may be in use. Each file is copied as what was opened, no further than it was long then; what is deleted before it is opened
/// is left out. A directory's files get into a copy of the directory that they are in.
/// </remarks>
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
        using SafeFileHandle root = source.OpenObject("look at", "/", followLink: false);
        FileStatus status = FileStatus.Of(root, source.Show("/"));
        using var copy = new TreeCopy(source, status.MountId, target, cancellationToken);
        copy.CopyTree();
        TarEntry self = Describe(status, TarEntry.Directory, copy.AttributesOrOmit(root, "/"));
        copy._parents.SetLater("", self.Time, self.Mode);
        self.Mode = copy._parents.Workable(self.Mode);
        using (EntryPlace place = target.Self())
            copy._files.FinishDirectory(place.Directory, place.Name, self, "/");
        copy._parents.ApplyLater();
        return copy._omissions.All;
    }

    public void Dispose() => _parents.Dispose();

    private void CopyTree()
    {
        foreach ((RootEntry entry, SafeFileHandle directory, byte[] name) in _source.WalkWithDirectories("/", path => _omissions.Add("content", path)))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            bool isMounted = entry.Status.MountId != _mount;
            if (isMounted)
                _omissions.Add("mount", entry.Path);
            if (!isMounted || entry.Status.IsDirectory)
                CopyEntry(entry, directory, name);
        }
    }

    private void CopyEntry(RootEntry entry, SafeFileHandle from, byte[] itsName)
    {
        (string path, FileStatus listed) = entry;
        if (listed is { IsDirectory: false, Links: > 1 } && _firstNames.TryGetValue((listed.FileSystem, listed.Inode), out string? first))
        {
            Link(first, path);
            return;
        }

        FileKind kind = listed.Kind;

        // socket(7): a socket is its process's, not the tree's.
        if (kind is FileKind.Socket or FileKind.Unknown)
        {
            _omissions.Add("socket", path);
            return;
        }

        using SafeFileHandle? source = OpenOrOmit(from, itsName, kind == FileKind.Regular ? NonBlocking | NoTerminal : OpenPath, path);
        if (source is null)
            return;

        // Of a directory the files come from what was listed, so it has to be that very one.
        FileStatus status = FileStatus.Of(source, _source.Show(path));
        if (status.Kind != kind || (kind == FileKind.Directory ? !status.IsSame(listed) : status.MountId != _mount))
            throw Changed(path);
        if (Make(source, path, status) && status is { IsDirectory: false, Links: > 1 })
            _firstNames.TryAdd((status.FileSystem, status.Inode), path);
    }

    private SafeFileHandle? OpenOrOmit(SafeFileHandle directory, byte[] name, int flags, string path)
    {
        try
        {
            return _source.OpenEntry(directory, name, flags, path);
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES)
        {
            _omissions.Add("content", path);
            return null;
        }
        catch (LinuxException e) when (e.Errno is Errno.ELOOP or Errno.ENXIO)
        {
            throw Changed(path);
        }
    }

    private LinuxException Changed(string path) => new("copy", _source.Show(path), Errno.ESTALE, hint: "It became something else while the tree was copied");

    private void Link(string first, string path)
    {
        (string folder, string last) = LayerPath.Split(first);
        using SafeFileHandle from = _target.OpenIn("find what it is another name of:", folder.Length == 0 ? "/" : folder, OpenPath | OpenDirectory);
        (int directory, byte[] name) = PlaceOf(path);
        _files.MakeHardLink((int)from.DangerousGetHandle(), PathText.Encode(last), directory, name, path);
    }

    /// <returns>Whether it was made.</returns>
    private bool Make(SafeFileHandle source, string path, FileStatus status)
    {
        (int directory, byte[] name) = PlaceOf(path);
        TarEntry entry = Describe(status, TarEntry.TypeOf(status.Kind), AttributesOrOmit(source, path));
        switch (status.Kind)
        {
            case FileKind.Regular:
                CopyContent(source, directory, name, entry, path, status.Size);
                return true;
            case FileKind.Directory:
                _files.MakeDirectory(directory, name, path);
                _parents.SetLater(path, entry.Time, entry.Mode);
                entry.Mode = _parents.Workable(entry.Mode);
                _files.FinishDirectory(directory, name, entry, path, isNew: true);
                return true;
            case FileKind.SymbolicLink:
                entry.LinkName = _source.ReadLink(source, path);
                _files.MakeLink(directory, name, entry, path);
                return true;
            default:
                (entry.DeviceMajor, entry.DeviceMinor) = (status.DeviceMajor, status.DeviceMinor);
                _files.MakeNode(directory, name, entry, path);
                return status.Kind == FileKind.Fifo || _options.Privilege == LayerPrivilege.Full;
        }
    }

    private void CopyContent(SafeFileHandle source, int directory, byte[] name, TarEntry entry, string path, long size)
    {
        int file = _files.Create(directory, name, path);
        try
        {
            // No further than it was long: a file that grows as fast as it is copied would have no end.
            int read;
            for (long at = 0; at < size && (read = RootDirectory.ReadAt(source, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, size - at)), at, _source.Show(path))) > 0; at += read)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                _files.Write(file, _buffer.AsSpan(0, read), path);
            }

            _files.Finish(file, entry, path, (_parents.Status.Permissions & UnixFileMode.SetGroup) != 0);
        }
        finally
        {
            Sys.Call(SyscallNumber.Close, file);
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
