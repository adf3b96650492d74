using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs.Layers;

/// <summary>One layer on its way onto the disk (OCI image specification, layer.md).</summary>
internal sealed partial class LayerApplication : IDisposable
{
    private readonly RootDirectory _root;
    private readonly LayerOptions _options;
    private readonly TarArchive _archive;
    private readonly TarBlocks _blocks;
    private readonly OmissionList _omissions = new();
    private readonly LayerFiles _files;
    private readonly ParentCache _parents;

    // What this layer itself brought: its whiteouts are about the layers below.
    private readonly HashSet<string> _made = [];

    // What has nothing of the layers below any more. A directory made since can have the number of one of them: it has nothing either.
    private readonly HashSet<(ulong FileSystem, ulong Inode)> _opaque = [];

    public LayerApplication(RootDirectory root, TarBlocks blocks, LayerOptions options)
    {
        _root = root;
        _options = options;
        _blocks = blocks;
        _archive = new TarArchive(blocks, options.Limits);
        _files = new LayerFiles(root, options, _omissions);
        _parents = new ParentCache(root, options);
    }

    public LayerResult Run()
    {
        while (_archive.ReadEntry() is { } entry)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                Apply(entry);
            }
            catch (ArgumentException e)
            {
                throw new LayerException(LayerFault.Malformed, entry.Name, "A name or a link of it is none", e);
            }
        }

        _parents.ApplyLater();
        return new LayerResult(_archive.Entries, _archive.Bytes, _omissions.All);
    }

    public void Dispose() => _parents.Dispose();

    private void Apply(TarEntry entry)
    {
        string path = LayerPath.Clean(entry.Name, _options.Limits);
        if (path.Length == 0)
        {
            ApplyRoot(entry);
            return;
        }

        (string folder, string name) = LayerPath.Split(path);
        if (folder.StartsWith(LayerPath.WhiteoutPrefix, StringComparison.Ordinal) || folder.Contains("/" + LayerPath.WhiteoutPrefix, StringComparison.Ordinal))
            throw new LayerException(LayerFault.Unsafe, path, "It lies in a whiteout");
        if (name.StartsWith(LayerPath.WhiteoutPrefix, StringComparison.Ordinal))
        {
            ApplyWhiteout(folder, name, path);
            _blocks.Skip(entry.Size);
        }
        else
        {
            Make(entry, path, folder, PathText.Encode(name));
            Remember(path);
        }

        _archive.SkipPadding(entry.Size);
    }

    private void Make(TarEntry entry, string path, string folder, byte[] name)
    {
        // Before anything is made: a device that overlayfs takes for a whiteout would hide what lies below (overlayfs.rst).
        if (entry.Type is TarEntry.Character or TarEntry.Block)
            CheckDevice(entry, path);
        if (_made.Contains(path) || entry.Type != TarEntry.Regular)
            _parents.Forget();
        int directory = _parents.Open(folder);
        switch (entry.Type)
        {
            case TarEntry.Regular:
                MakeFile(entry, path, directory, name);
                break;
            case TarEntry.Directory:
                MakeDirectory(entry, path, directory, name);
                return;
            case TarEntry.SymbolicLink:
                _files.MakeLink(directory, name, entry, path);
                break;
            case TarEntry.HardLink:
                MakeHardLink(entry, path, directory, name);
                break;
            default:
                _files.MakeNode(directory, name, entry, path);
                break;
        }
    }

    private void MakeFile(TarEntry entry, string path, int directory, byte[] name)
    {
        int file = _files.Create(directory, name, path);
        try
        {
            if (entry.Sparse is null)
                WriteContent(file, entry.Size, path);
            else
                WriteParts(file, entry.Sparse, path);
            _files.Finish(file, entry, path, (_parents.Status.Permissions & UnixFileMode.SetGroup) != 0);
        }
        finally
        {
            Sys.Call(SyscallNumber.Close, file);
        }
    }

    private void WriteContent(int file, long size, string path)
    {
        for (long left = size; left > 0;)
        {
            ReadOnlySpan<byte> content = _blocks.ReadSome(left);
            _files.Write(file, content, path);
            left -= content.Length;
        }
    }

    private void WriteParts(int file, SparseMap map, string path)
    {
        _files.SetSize(file, map.Size, path);
        foreach ((long offset, long length) in map.Parts)
        {
            _files.Seek(file, offset, path);
            WriteContent(file, length, path);
        }
    }

    private void MakeDirectory(TarEntry entry, string path, int directory, byte[] name)
    {
        bool isNew = _files.MakeDirectory(directory, name, path);
        _parents.SetLater(path, _options.Clamp(entry.Time), entry.Mode);
        entry.Mode = _parents.Workable(entry.Mode);
        _files.FinishDirectory(directory, name, entry, path, isNew);
    }

    private void MakeHardLink(TarEntry entry, string path, int directory, byte[] name)
    {
        string existing = LayerPath.Clean(entry.LinkName.Length == 0 ? "." : entry.LinkName, _options.Limits);
        if (existing.Length == 0)
            throw new LayerException(LayerFault.Unsafe, path, "It is a hard link to the root");
        (string folder, string last) = LayerPath.Split(existing);
        using SafeFileHandle from = _root.OpenIn("find what it is another name of:", folder.Length == 0 ? "/" : folder, OpenPath | OpenDirectory);
        _files.MakeHardLink((int)from.DangerousGetHandle(), PathText.Encode(last), directory, name, path);
    }

    private void ApplyRoot(TarEntry entry)
    {
        if (entry.Type != TarEntry.Directory)
            throw new LayerException(LayerFault.Unsafe, entry.Name, "It would replace the root");
        _parents.SetLater("", _options.Clamp(entry.Time), entry.Mode);
        entry.Mode = _parents.Workable(entry.Mode);
        using EntryPlace self = _root.Self();
        _files.FinishDirectory(self.Directory, self.Name, entry, "/");
    }

    private void Remember(string path)
    {
        while (path.Length > 0 && _made.Add(path))
        {
            _archive.CountMetadata(path.Length);
            path = LayerPath.Split(path).Directory;
        }
    }

    private static void CheckDevice(TarEntry entry, string path)
    {
        if (entry.DeviceMajor is < 0 or > 0xfff || entry.DeviceMinor is < 0 or > 0xfffff)
            throw new LayerException(LayerFault.Malformed, path, $"It is a device with the number {entry.DeviceMajor}:{entry.DeviceMinor}, which is none");
        if (entry.Type == TarEntry.Character && entry.DeviceMajor == 0 && entry.DeviceMinor == 0)
            throw new LayerException(LayerFault.Unsafe, path, "It is the device 0:0, which overlayfs takes for a whiteout");
    }
}
