using System.Text;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>The options of a file system in the kernel's words, with the descriptors that they name.</summary>
internal sealed unsafe class FileSystemParameters(string type, string source) : IDisposable
{
    private readonly List<FileSystemOption> _options = [];
    private readonly List<SafeFileHandle> _open = [];

    public string Type { get; } = type;

    public string Source { get; } = source;

    public IReadOnlyList<FileSystemOption> Options => _options;

    /// <summary>What EINVAL may mean where the kernel has no words for it.</summary>
    public string? InvalidHint { get; set; }

    public void Add(FileSystemOption option) => _options.Add(option);

    public void Add(string key, string? value) => _options.Add(new FileSystemOption(key, value));

    public void AddIf(bool condition, string key)
    {
        if (condition)
            Add(key, null);
    }

    /// <summary>
    /// A directory as an option names it: by its own path where that is short and has none of the characters that the parsers of
    /// options or overlayfs take for something else, and by a descriptor of it else.
    /// </summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES: it is not there. ENOSYS: there is no /proc to name it by.</exception>
    public string Directory(string path, int maxBytes)
    {
        const string Operation = "open the directory";
        byte[] name = PathText.Encode(path);
        SafeFileHandle handle;
        fixed (byte* bytes = name)
            handle = new SafeFileHandle((nint)Sys.Check(Operation, path, SyscallNumber.OpenAt, AtFdCwd, (nint)bytes, OpenPath | OpenDirectory | CloseOnExec), ownsHandle: true);
        if (name.Length - 1 <= maxBytes && !name.AsSpan().ContainsAny(":,\\\""u8))
        {
            handle.Dispose();
            return path;
        }

        _open.Add(handle);
        byte[] descriptor = DescriptorPath.Of((int)handle.DangerousGetHandle()) ?? throw new LinuxException(Operation, path, Errno.ENOSYS, hint: "Its path is too long for an option, or has one of : , \\ \" in it; by descriptor it takes a /proc");
        return Encoding.ASCII.GetString(descriptor.AsSpan(..^1));
    }

    /// <summary>All options in one text, as mount(2) takes them.</summary>
    /// <exception cref="LinuxException">EINVAL: an option has a comma, or the text is longer than a page.</exception>
    public byte[] ToText(string operation, string target)
    {
        if (_options.FirstOrDefault(o => o.Value?.Contains(',', StringComparison.Ordinal) == true) is { Key: not null } option)
            throw new LinuxException(operation, target, Errno.EINVAL, SyscallNumber.Mount.Name, $"Without fsconfig(2) the option '{option}' can have no comma");
        byte[] text = PathText.EncodeAny(string.Join(',', _options));

        // mount(2), NOTES: at most a page, its terminator included.
        return text.Length <= Environment.SystemPageSize ? text : throw new LinuxException(operation, target, Errno.EINVAL, SyscallNumber.Mount.Name, "Without fsconfig(2) all options together have at most a page");
    }

    public void Dispose()
    {
        foreach (SafeFileHandle handle in _open)
            handle.Dispose();
    }
}
