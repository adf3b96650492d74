using System.Collections.Immutable;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountCallConstants;
using static Isolation.Fs.Interop.MountConstants;

namespace Isolation.Fs;

/// <summary>A file system in the making (fsopen(2)), whose descriptor also says what is wrong.</summary>
internal sealed unsafe class FileSystemContext : IDisposable
{
    private const int MaxMessages = 64;

    private readonly SafeFileHandle _context;
    private readonly string _operation, _shown;

    private FileSystemContext(SafeFileHandle context, string operation, string shown)
    {
        _context = context;
        _operation = operation;
        _shown = shown;
    }

    private int Descriptor => (int)_context.DangerousGetHandle();

    /// <summary>Makes the file system and a detached mount of it.</summary>
    /// <exception cref="MountException">What the kernel refused, and why.</exception>
    public static SafeFileHandle Mount(string operation, string shown, FileSystemParameters parameters, MountAttributes attributes, AccessTimes accessTimes)
    {
        using FileSystemContext context = Open(operation, shown, parameters.Type);
        context.Set(new FileSystemOption("source", parameters.Source));
        foreach (FileSystemOption option in parameters.Options)
            context.Set(option);
        context.Check(SyscallNumber.FsConfig, Sys.Call(SyscallNumber.FsConfig, context.Descriptor, Create), null, parameters.InvalidHint);
        long result = Sys.Call(SyscallNumber.FsMount, context.Descriptor, FsMountCloseOnExec, (nint)((ulong)attributes | (ulong)accessTimes));
        context.Check(SyscallNumber.FsMount, result, null);
        return new SafeFileHandle((nint)result, ownsHandle: true);
    }

    public void Dispose() => _context.Dispose();

    private static FileSystemContext Open(string operation, string shown, string type)
    {
        long result;
        fixed (byte* name = PathText.Encode(type))
            result = Sys.Call(SyscallNumber.FsOpen, (nint)name, FsOpenCloseOnExec);
        if (result >= 0)
            return new FileSystemContext(new SafeFileHandle((nint)result, ownsHandle: true), operation, shown);
        string? hint = result switch
        {
            -(long)Errno.ENODEV => $"The kernel has no file system of the type '{type}'",
            -(long)Errno.EPERM => "It takes CAP_SYS_ADMIN in the user namespace that owns this mount namespace",
            _ => null,
        };
        throw new MountException(operation, shown, (Errno)(-result), SyscallNumber.FsOpen.Name, hint, []);
    }

    private void Set(FileSystemOption option)
    {
        byte[] value = PathText.EncodeAny(option.Value ?? "");
        if (value.Length - 1 > MaxValue)
            throw new MountException(_operation, _shown, Errno.EINVAL, SyscallNumber.FsConfig.Name, $"The value of the option '{option.Key}' has {value.Length - 1} bytes, and the kernel takes {MaxValue}", []);
        long result;
        fixed (byte* key = PathText.Encode(option.Key), text = value)
            result = Sys.Call(SyscallNumber.FsConfig, Descriptor, option.Value is null ? SetFlag : SetString, (nint)key, option.Value is null ? 0 : (nint)text);
        Check(SyscallNumber.FsConfig, result, $"The option was '{option}'");
    }

    private void Check(SyscallNumber call, long result, string? hint, string? invalidHint = null)
    {
        if (result >= 0)
            return;
        ImmutableArray<string> messages = ReadMessages();
        if (messages.IsEmpty)
        {
            hint ??= result switch
            {
                -(long)Errno.EINVAL when invalidHint is not null => invalidHint,
                -(long)Errno.EMFILE or -(long)Errno.ENFILE => null,
                _ => "The kernel's log may say more (dmesg(1))",
            };
        }

        throw new MountException(_operation, _shown, (Errno)(-result), call.Name, hint, messages);
    }

    // fsopen(2): each read(2) is a message, with a letter and a space before it; ENODATA when there is no more.
    private ImmutableArray<string> ReadMessages()
    {
        ImmutableArray<string>.Builder messages = ImmutableArray.CreateBuilder<string>();
        Span<byte> text = stackalloc byte[1024];
        for (int i = 0; i < MaxMessages; i++)
        {
            long length;
            fixed (byte* buffer = text)
                length = Sys.Call(SyscallNumber.Read, Descriptor, (nint)buffer, text.Length);
            if (length <= 0)
                break;
            ReadOnlySpan<byte> message = text[..(int)length].TrimEnd((byte)'\n');
            messages.Add(PathText.Decode(message.Length > 2 && message[1] == ' ' ? message[2..] : message));
        }

        return messages.ToImmutable();
    }
}
