using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Netlink;

/// <summary>
/// A client of generic netlink, by which many parts of the kernel are spoken with: ethtool, WireGuard, task statistics and others.
/// A family is found by its name; its commands and attributes are numbers of its header file.
/// </summary>
/// <remarks>It can be used from any thread; what several threads ask at once is done one after the other.</remarks>
public sealed class GenericNetlinkClient : IDisposable
{
    private static readonly GenericNetlinkFamily s_control = new("nlctrl", GenericConstants.GENL_ID_CTRL) { Version = 1 };

    private static readonly RequestKind s_getFamily = new(GenericConstants.GENL_ID_CTRL, nameof(GenericConstants.CTRL_CMD_GETFAMILY), IsRead: true, AttributeSpace.Of<ControlAttribute>(Unsafe.SizeOf<GenericHeader>()));

    private readonly NetlinkConnection _connection;

    private GenericNetlinkClient(NetlinkSocket socket) => _connection = new NetlinkConnection(socket);

    /// <summary>Opens a client for the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public static GenericNetlinkClient Open() => new(NetlinkSocket.Open(GenericConstants.NETLINK_GENERIC));

    /// <summary>Opens a client for another network namespace. It works from every thread and holds the namespace; the handle is not needed any more.</summary>
    /// <param name="networkNamespace">A descriptor of a network namespace, such as one of <c>/proc/PID/ns/net</c>.</param>
    /// <exception cref="LinuxException">EINVAL: it is of no network namespace; EPERM: it may not be entered (setns(2)).</exception>
    public static GenericNetlinkClient Open(SafeFileHandle networkNamespace)
    {
        ArgumentNullException.ThrowIfNull(networkNamespace);
        return new GenericNetlinkClient(NetlinkSocket.Open(networkNamespace, GenericConstants.NETLINK_GENERIC));
    }

    /// <summary>A family, by its name. The kernel may load a module for it.</summary>
    /// <exception cref="ArgumentException">It is no name of a family: 1 to 15 bytes.</exception>
    /// <exception cref="NetlinkException">ENOENT: the kernel has no such family.</exception>
    public GenericNetlinkFamily GetFamily(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Encoding.UTF8.GetByteCount(name) >= GenericConstants.GENL_NAMSIZ || name.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' is no name of a family: 1 to {GenericConstants.GENL_NAMSIZ - 1} bytes.");
        return _connection.Get(
            new RequestDescription(s_getFamily, 0, "get the family", name),
            new GenericRequest(s_control, GenericConstants.CTRL_CMD_GETFAMILY, default, writer => writer.Write((ushort)ControlAttribute.CTRL_ATTR_FAMILY_NAME, name)),
            GenericNetlinkFamily.Read);
    }

    /// <summary>All families that there are at this moment.</summary>
    public Listing<GenericNetlinkFamily> ListFamilies()
    {
        using Dump dump = _connection.Dump(new RequestDescription(s_getFamily, 0, "list families", null), new GenericRequest(s_control, GenericConstants.CTRL_CMD_GETFAMILY, default, null));
        var families = new List<GenericNetlinkFamily>();
        foreach (ReadOnlySpan<byte> body in dump)
            families.Add(GenericNetlinkFamily.Read(body));
        return new Listing<GenericNetlinkFamily>(families, dump.IsInterrupted);
    }

    /// <summary>Sends a request that is acknowledged only.</summary>
    /// <param name="family">The family.</param>
    /// <param name="command">The number of the operation.</param>
    /// <param name="write">Writes the attributes; null for none.</param>
    /// <param name="header">The bytes before the attributes: as many as the family says.</param>
    /// <exception cref="NetlinkException">The kernel refused it.</exception>
    public void Execute(GenericNetlinkFamily family, byte command, Action<AttributeWriter>? write = null, ReadOnlyMemory<byte> header = default)
        => _connection.Execute(Describe(family, command, "do", isRead: false), new GenericRequest(family, command, header, write));

    /// <summary>Sends a request that is answered with one message.</summary>
    /// <param name="family">The family.</param>
    /// <param name="command">The number of the operation.</param>
    /// <param name="write">Writes the attributes; null for none.</param>
    /// <param name="header">The bytes before the attributes: as many as the family says.</param>
    /// <exception cref="NetlinkException">The kernel refused it.</exception>
    public GenericNetlinkMessage Get(GenericNetlinkFamily family, byte command, Action<AttributeWriter>? write = null, ReadOnlyMemory<byte> header = default)
        => _connection.Get(Describe(family, command, "ask", isRead: true), new GenericRequest(family, command, header, write), body => GenericNetlinkMessage.Read(body, family.HeaderSize));

    /// <summary>Sends a request that is answered with many messages (NLM_F_DUMP).</summary>
    /// <param name="family">The family.</param>
    /// <param name="command">The number of the operation.</param>
    /// <param name="write">Writes the attributes; null for none.</param>
    /// <param name="header">The bytes before the attributes: as many as the family says.</param>
    /// <exception cref="NetlinkException">The kernel refused it.</exception>
    public Listing<GenericNetlinkMessage> List(GenericNetlinkFamily family, byte command, Action<AttributeWriter>? write = null, ReadOnlyMemory<byte> header = default)
    {
        using Dump dump = _connection.Dump(Describe(family, command, "list", isRead: true), new GenericRequest(family, command, header, write));
        var messages = new List<GenericNetlinkMessage>();
        foreach (ReadOnlySpan<byte> body in dump)
            messages.Add(GenericNetlinkMessage.Read(body, family.HeaderSize));
        return new Listing<GenericNetlinkMessage>(messages, dump.IsInterrupted);
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _connection.Dispose();

    // The attributes have no names here, so an error tells their numbers.
    private static RequestDescription Describe(GenericNetlinkFamily family, byte command, string operation, bool isRead)
    {
        ArgumentNullException.ThrowIfNull(family);
        string name = string.Create(CultureInfo.InvariantCulture, $"{family.Name} command {command}");
        return new RequestDescription(new RequestKind(family.Id, name, isRead, AttributeSpace.Numbers(Unsafe.SizeOf<GenericHeader>() + ((family.HeaderSize + 3) & ~3))), 0, operation, name);
    }

    private readonly record struct GenericRequest(GenericNetlinkFamily Family, byte Command, ReadOnlyMemory<byte> Header, Action<AttributeWriter>? Write) : IRequestBody
    {
        public void WriteTo(MessageWriter writer)
        {
            if (Header.Length != Family.HeaderSize)
                throw new ArgumentException($"Requests of {Family.Name} have {Family.HeaderSize} bytes before the attributes, not {Header.Length}.");
            writer.WriteHeader(new GenericHeader { cmd = Command, version = (byte)Family.Version });
            writer.WriteRaw(Header.Span);
            Write?.Invoke(new AttributeWriter(writer));
        }
    }
}
