using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs.Layers;

/// <summary>What a tree has more than, other than, or less than another, as the entries of a layer.</summary>
internal sealed class LayerDifference(RootDirectory? lower, RootDirectory upper, TarWriter writer, LayerOptions options)
{
    private readonly TreeIndex _lower = new(lower, options.Limits.MaxEntries), _upper = new(upper, options.Limits.MaxEntries);
    private readonly HashSet<string> _written = [];
    private readonly byte[] _buffer = new byte[128 << 10], _other = new byte[128 << 10];

    public void Run()
    {
        foreach (string gone in _lower.Paths.Where(IsGone))
        {
            (string folder, string name) = LayerPath.Split(gone);
            RefuseReserved(gone, name);
            writer.WriteHeader(new TarEntry { Type = TarEntry.Regular, Name = Join(folder, LayerPath.WhiteoutPrefix + name), Time = options.LatestTime ?? default });
        }

        foreach (string path in _upper.Paths)
        {
            FileStatus status = _upper.Find(path)!.Value;
            RefuseReserved(path, LayerPath.Split(path).Name);
            if (!IsHeld(status) || !IsChanged(path, status))
                continue;
            Write(path, status);
            _written.Add(path);
        }

        writer.End();
    }

    // Only the topmost: with a directory goes what is in it. A directory that became a file is replaced by the file.
    private bool IsGone(string path)
    {
        if (_upper.Find(path) is { } above && IsHeld(above))
            return false;
        string folder = LayerPath.Split(path).Directory;
        return folder.Length == 0 || _upper.Find(folder) is { IsDirectory: true };
    }

    // socket(7): a socket is its process's, not the tree's.
    private static bool IsHeld(FileStatus status) => status.Kind is not (FileKind.Socket or FileKind.Unknown);

    private static void RefuseReserved(string path, string name)
    {
        if (name.StartsWith(LayerPath.WhiteoutPrefix, StringComparison.Ordinal))
            throw new LayerException(LayerFault.Unsupported, path, "A layer cannot hold a name that begins with .wh.");
    }

    private bool IsChanged(string path, FileStatus status)
    {
        if (_lower.Find(path) is not { } below || lower is null)
            return true;
        string? link = _upper.LinkOf(path);
        if (link != _lower.LinkOf(path) || (link is not null && _written.Contains(link)))
            return true;
        if ((status.Mode, status.User, status.Group, status.LastWrite, status.DeviceMajor, status.DeviceMinor) != (below.Mode, below.User, below.Group, below.LastWrite, below.DeviceMajor, below.DeviceMinor))
            return true;
        if ((status.FileSystem, status.Inode) == (below.FileSystem, below.Inode))
            return false;
        if (!status.IsDirectory && status.Size != below.Size)
            return true;
        return (status.IsSymbolicLink && ReadLink(upper, path, status) != ReadLink(lower, path, below))
            || HasOtherAttributes(path, status, below)
            || (status.IsRegularFile && !HasSameContent(path, status, below));
    }

    private bool HasOtherAttributes(string path, FileStatus status, FileStatus below)
    {
        using SafeFileHandle one = OpenListed(upper, path, status), two = OpenListed(lower!, path, below);
        return !Attributes(upper, one, path).SequenceEqual(Attributes(lower!, two, path), AttributeComparer.Instance);
    }

    private void Write(string path, FileStatus status)
    {
        var entry = new TarEntry
        {
            Name = status.IsDirectory ? path + "/" : path,
            Mode = (int)status.Permissions,
            User = LayerOptions.ToInside(options.UserMap, status.User) ?? throw new LayerException(LayerFault.Unsupported, path, $"Its user id {status.User} is not in the id map"),
            Group = LayerOptions.ToInside(options.GroupMap, status.Group) ?? throw new LayerException(LayerFault.Unsupported, path, $"Its group id {status.Group} is not in the id map"),
            Time = options.Clamp(status.LastWrite),
        };
        if (_upper.LinkOf(path) is { } first)
        {
            entry.Type = TarEntry.HardLink;
            entry.LinkName = first;
            writer.WriteHeader(entry);
            return;
        }

        using SafeFileHandle file = OpenListed(upper, path, status);
        entry.Attributes = [.. Attributes(upper, file, path).Select(a => (a.Name, ToInside(a.Name, a.Value, path)))];
        entry.Type = TarEntry.TypeOf(status.Kind);
        if (status.IsSymbolicLink)
            entry.LinkName = upper.ReadLink(file, path);
        if (entry.Type is TarEntry.Character or TarEntry.Block)
            (entry.DeviceMajor, entry.DeviceMinor) = (status.DeviceMajor, status.DeviceMinor);
        if (status.IsRegularFile)
            WriteFile(entry, path, file);
        else
            writer.WriteHeader(entry);
    }

    private byte[] ToInside(string name, byte[] value, string path)
        => AttributeIds.ToInside(name, value, options) ?? throw new LayerException(LayerFault.Unsupported, path, $"An id in its attribute {name} is not in the id map");

    private void WriteFile(TarEntry entry, string path, SafeFileHandle file)
    {
        entry.Size = RandomAccess.GetLength(file);
        writer.WriteHeader(entry);
        long at = 0;
        int read;
        while ((read = RootDirectory.ReadAt(file, _buffer, at, upper.Show(path))) > 0)
        {
            at += read;
            if (at > entry.Size)
                break;
            writer.WriteContent(_buffer.AsSpan(0, read));
        }

        if (at != entry.Size)
            throw Changed(path);
        writer.WritePadding(entry.Size);
    }

    private bool HasSameContent(string path, FileStatus status, FileStatus below)
    {
        using SafeFileHandle one = OpenListed(upper, path, status), two = OpenListed(lower!, path, below);
        for (long at = 0; ;)
        {
            int read = RootDirectory.ReadAt(one, _buffer, at, upper.Show(path));
            if (read != RootDirectory.ReadAt(two, _other, at, lower!.Show(path)) || !_buffer.AsSpan(0, read).SequenceEqual(_other.AsSpan(0, read)))
                return false;
            if (read == 0)
                return true;
            at += read;
        }
    }

    private static string ReadLink(RootDirectory root, string path, FileStatus listed)
    {
        using SafeFileHandle link = OpenListed(root, path, listed);
        return root.ReadLink(link, path);
    }

    // Not what somebody has put in its place since it was listed: the content of one would get the permissions of the other.
    // A regular file is opened for reading, all others to be looked at.
    private static SafeFileHandle OpenListed(RootDirectory root, string path, FileStatus listed)
    {
        SafeFileHandle file;
        try
        {
            file = listed.IsRegularFile ? root.OpenRead(path) : root.OpenObject("look at", path, followLink: false);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENXIO)
        {
            throw Changed(path, e);
        }

        try
        {
            if (FileStatus.Of(file, root.Show(path)).IsSame(listed))
                return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        throw Changed(path);
    }

    private static LayerException Changed(string path, Exception? reason = null) => new(LayerFault.Malformed, path, "It was changed while it was read", reason);

    /// <summary>The attributes that a layer holds, of a file that is open.</summary>
    internal static List<(string Name, byte[] Value)> Attributes(RootDirectory root, SafeFileHandle file, string path)
    {
        try
        {
            return [.. root.ListAttributes(file, path)
                .Where(AttributeRules.IsApplied)
                .Select(name => (name, root.TryGetAttribute(file, path, name) ?? []))];
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            return [];
        }
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private sealed class AttributeComparer : IEqualityComparer<(string Name, byte[] Value)>
    {
        public static AttributeComparer Instance { get; } = new();

        public bool Equals((string Name, byte[] Value) x, (string Name, byte[] Value) y) => x.Name == y.Name && x.Value.AsSpan().SequenceEqual(y.Value);

        public int GetHashCode((string Name, byte[] Value) obj) => obj.Name.GetHashCode(StringComparison.Ordinal);
    }
}
