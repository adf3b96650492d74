using System.Collections.Immutable;
using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs;

/// <content>Extended attributes (xattr(7)): user.*, trusted.*, security.*, system.*.</content>
public sealed unsafe partial class RootDirectory
{
    /// <summary>xattr(7): neither a value nor a list of names is longer.</summary>
    internal const int MaxAttributeBytes = 64 << 10;

    internal const string ListAttributesOperation = "list the attributes of";
    private const string GetAttributeOperation = "read an attribute of";

    /// <summary>The names of a file's extended attributes, in ordinal order.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES; EOPNOTSUPP: the file system has none. ENOSYS: there is no /proc.</exception>
    public ImmutableArray<string> ListAttributes(string path, bool followLink = true)
    {
        using SafeFileHandle file = OpenObject(ListAttributesOperation, path, followLink);
        return ListAttributes(file, path);
    }

    /// <summary>Of a file that is open, whatever has its name by now.</summary>
    internal ImmutableArray<string> ListAttributes(SafeFileHandle file, string path)
    {
        Span<byte> names = stackalloc byte[1024];
        byte[] place = Place(ListAttributesOperation, path, file);
        long length;
        fixed (byte* at = place)
        {
            fixed (byte* buffer = names)
                length = Sys.Call(FileCalls.Listxattr, (nint)at, (nint)buffer, names.Length);
            if (length == -(long)Errno.ERANGE)
            {
                names = new byte[MaxAttributeBytes];
                fixed (byte* buffer = names)
                    length = Sys.Call(FileCalls.Listxattr, (nint)at, (nint)buffer, names.Length);
            }
        }

        Check(ListAttributesOperation, path, FileCalls.Listxattr, length);
        var result = new List<string>();
        foreach (Range name in names[..(int)length].Split((byte)0))
        {
            if (names[name].Length > 0)
                result.Add(PathText.Decode(names[name]));
        }

        result.Sort(StringComparer.Ordinal);
        return [.. result];
    }

    /// <summary>The value of an extended attribute, or <see langword="null"/> when the file has none of that name, as where the file system knows no such attributes.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES. ENOSYS: there is no /proc.</exception>
    public byte[]? TryGetAttribute(string path, string name, bool followLink = true)
    {
        using SafeFileHandle file = OpenObject(GetAttributeOperation, path, followLink);
        return TryGetAttribute(file, path, name);
    }

    /// <summary>Of a file that is open, whatever has its name by now.</summary>
    internal byte[]? TryGetAttribute(SafeFileHandle file, string path, string name)
    {
        byte[] value = new byte[MaxAttributeBytes];
        fixed (byte* at = Place(GetAttributeOperation, path, file), attribute = PathText.Encode(name), buffer = value)
        {
            long length = Sys.Call(FileCalls.Getxattr, (nint)at, (nint)attribute, (nint)buffer, value.Length);
            return length is -(long)Errno.ENODATA or -(long)Errno.EOPNOTSUPP ? null : value[..(int)Check(GetAttributeOperation, path, FileCalls.Getxattr, length)];
        }
    }

    /// <summary>Sets an extended attribute.</summary>
    /// <exception cref="LinuxException">ENOENT, EPERM: trusted.* and file capabilities need privilege, user.* a regular file or a directory. EOPNOTSUPP, ENOSPC, E2BIG.</exception>
    public void SetAttribute(string path, string name, ReadOnlySpan<byte> value, bool followLink = true)
    {
        const string Operation = "set an attribute of";
        using SafeFileHandle file = OpenObject(Operation, path, followLink);
        fixed (byte* at = Place(Operation, path, file), attribute = PathText.Encode(name), buffer = value)
            Check(Operation, path, FileCalls.Setxattr, Sys.Call(FileCalls.Setxattr, (nint)at, (nint)attribute, (nint)buffer, value.Length, 0));
    }

    /// <summary>Removes an extended attribute.</summary>
    /// <exception cref="LinuxException">ENODATA: the file has none of that name. ENOENT, EPERM, EOPNOTSUPP.</exception>
    public void RemoveAttribute(string path, string name, bool followLink = true)
    {
        const string Operation = "remove an attribute of";
        using SafeFileHandle file = OpenObject(Operation, path, followLink);
        fixed (byte* at = Place(Operation, path, file), attribute = PathText.Encode(name))
            Check(Operation, path, FileCalls.Removexattr, Sys.Call(FileCalls.Removexattr, (nint)at, (nint)attribute));
    }

    private byte[] Place(string operation, string path, SafeFileHandle file)
        => DescriptorPath.Of((int)file.DangerousGetHandle()) ?? throw new LinuxException(operation, Show(path), Errno.ENOSYS, hint: "It needs procfs at /proc");
}
