using System.Runtime.InteropServices;
using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink;

/// <summary>A link whose packets this program reads and writes: what the kernel sends by it is read, what is written comes in by it.</summary>
/// <remarks>
/// The link disappears with its last handle unless it is persistent. <see cref="Handle"/> is for poll(2) and the like.
/// </remarks>
public sealed unsafe class TunTapDevice : IDisposable
{
    private const int ReadWrite = 0x2, CloseOnExec = 0x80000, CurrentDirectory = -100;
    private const string Operation = "open the tun or tap";

    private TunTapDevice(string name, SafeFileHandle handle)
    {
        Name = name;
        Handle = handle;
    }

    /// <summary>The link's name when it was opened.</summary>
    public string Name { get; }

    /// <summary>The descriptor of /dev/net/tun: a read of it gives one packet, a write takes one.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Opens a tun or tap, and makes it if there is none with the name.</summary>
    /// <param name="name">The name: 15 bytes at the most; null lets the kernel choose one.</param>
    /// <param name="options">What it is to be; one that there is must be so already.</param>
    /// <param name="networkNamespace">A descriptor of the network namespace; null for the calling thread's.</param>
    /// <exception cref="LinuxException">EPERM: this needs CAP_NET_ADMIN there, or to be the owner; EBUSY: it is open, or there and is to be new; EINVAL: it is another kind of link; ENOENT: the kernel has no tun.</exception>
    public static TunTapDevice Open(string? name = null, TunTapOptions? options = null, SafeHandle? networkNamespace = null)
    {
        if (name is not null)
            LinkName.Check(name);
        options ??= new TunTapOptions();

        // The link is made where /dev/net/tun was opened.
        SafeFileHandle handle = networkNamespace is null ? OpenFile() : NetworkNamespaceThread.Run(networkNamespace, OpenFile);
        try
        {
            return new TunTapDevice(Attach(handle, name, options), handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a packet that the kernel sends by the link, and reads it. What does not fit is lost.</summary>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="LinuxException">EIO: the link is switched off; EBADFD: it was deleted.</exception>
    public int Read(Span<byte> packet)
    {
        using var use = new DescriptorUse(Handle);
        fixed (byte* bytes = packet)
            return (int)Sys.Check("read a packet", Name, SyscallNumber.Read, use.Descriptor, (nint)bytes, packet.Length);
    }

    /// <summary>Lets a packet come in by the link.</summary>
    /// <exception cref="LinuxException">EIO: the link is switched off; EINVAL: it is no packet; EBADFD: the link was deleted.</exception>
    public void Write(ReadOnlySpan<byte> packet)
    {
        using var use = new DescriptorUse(Handle);
        fixed (byte* bytes = packet)
            Sys.Check("write a packet", Name, SyscallNumber.Write, use.Descriptor, (nint)bytes, packet.Length);
    }

    /// <summary>Closes this handle; the link goes with its last one unless it is persistent.</summary>
    public void Dispose() => Handle.Dispose();

    private static SafeFileHandle OpenFile()
    {
        fixed (byte* path = "/dev/net/tun\0"u8)
            return new SafeFileHandle((nint)Sys.Check(Operation, "/dev/net/tun", SyscallNumber.OpenAt, CurrentDirectory, (nint)path, ReadWrite | CloseOnExec), ownsHandle: true);
    }

    private static string Attach(SafeFileHandle handle, string? name, TunTapOptions options)
    {
        InterfaceRequest request = default;
        Span<byte> bytes = new(request.ifr_name, TunTap.IFNAMSIZ);
        Encoding.UTF8.GetBytes(name ?? "", bytes);
        request.ifr_flags = (ushort)((int)options.Type
            | (options.PacketInformation ? 0 : TunTap.IFF_NO_PI)
            | (options.VirtualNetHeader ? TunTap.IFF_VNET_HDR : 0)
            | (options.IsMultiQueue ? TunTap.IFF_MULTI_QUEUE : 0)
            | (options.IsNew ? TunTap.IFF_TUN_EXCL : 0));
        Control(handle, name, TunTap.TUNSETIFF, (nint)(&request));
        if (options.Owner is { } owner)
            Control(handle, name, TunTap.TUNSETOWNER, (nint)owner);
        if (options.Group is { } group)
            Control(handle, name, TunTap.TUNSETGROUP, (nint)group);
        if (options.IsPersistent is { } persistent)
            Control(handle, name, TunTap.TUNSETPERSIST, persistent ? 1 : 0);
        return Encoding.UTF8.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }

    private static void Control(SafeFileHandle handle, string? name, uint request, nint argument)
        => Sys.Check(Operation, name, SyscallNumber.Ioctl, handle.DangerousGetHandle(), (nint)request, argument);
}
