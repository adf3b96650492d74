using Isolation.Fs.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Fs.Layers;

/// <summary>Extended attributes of what a descriptor shows, also an O_PATH one, which the calls on descriptors do not take.</summary>
/// <remarks>Results are negative errnos: EOPNOTSUPP where the file system has none, ENOSYS without procfs at /proc.</remarks>
internal static unsafe class DescriptorAttributes
{
    public const string DefaultAcl = "system.posix_acl_default";

    /// <summary>The names.</summary>
    public static long List(int descriptor, List<string> names)
    {
        if (DescriptorPath.Of(descriptor) is not { } place)
            return -(long)Errno.ENOSYS;
        fixed (byte* at = place)
        {
            long length = Sys.Call(FileCalls.Listxattr, (nint)at, 0, 0);
            if (length <= 0)
                return length;

            // Others may add some meanwhile: then the kernel's limit is enough (xattr(7)).
            byte[] all = new byte[RootDirectory.MaxAttributeBytes];
            fixed (byte* buffer = all)
                length = Sys.Call(FileCalls.Listxattr, (nint)at, (nint)buffer, all.Length);
            for (ReadOnlySpan<byte> rest = all.AsSpan(0, (int)Math.Max(length, 0)); rest.IndexOf((byte)0) is > 0 and int end; rest = rest[(end + 1)..])
                names.Add(PathText.Decode(rest[..end]));
            return length;
        }
    }

    /// <summary>A value, which is null when there is none of that name.</summary>
    public static long TryGet(int descriptor, string name, out byte[]? value)
    {
        value = null;
        if (DescriptorPath.Of(descriptor) is not { } place)
            return -(long)Errno.ENOSYS;
        fixed (byte* at = place, attribute = PathText.Encode(name))
        {
            long length = Sys.Call(FileCalls.Getxattr, (nint)at, (nint)attribute, 0, 0);
            if (length is -(long)Errno.ENODATA or -(long)Errno.EOPNOTSUPP)
                return 0;
            if (length < 0)
                return length;
            byte[] bytes = new byte[length];
            fixed (byte* buffer = bytes)
                length = Sys.Call(FileCalls.Getxattr, (nint)at, (nint)attribute, (nint)buffer, bytes.Length);
            if (length >= 0)
                value = bytes[..(int)length];
            return length;
        }
    }

    public static long Set(int descriptor, string name, ReadOnlySpan<byte> value)
    {
        if (DescriptorPath.Of(descriptor) is not { } place)
            return -(long)Errno.ENOSYS;
        fixed (byte* at = place, attribute = PathText.Encode(name), bytes = value)
            return Sys.Call(FileCalls.Setxattr, (nint)at, (nint)attribute, (nint)bytes, value.Length);
    }

    public static long Remove(int descriptor, string name)
    {
        if (DescriptorPath.Of(descriptor) is not { } place)
            return -(long)Errno.ENOSYS;
        fixed (byte* at = place, attribute = PathText.Encode(name))
            return Sys.Call(FileCalls.Removexattr, (nint)at, (nint)attribute);
    }
}
