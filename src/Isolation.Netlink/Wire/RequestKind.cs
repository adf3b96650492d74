using Isolation.Netlink.Interop;

namespace Isolation.Netlink.Wire;

/// <summary>A type of request, of whichever family of netlink(7).</summary>
/// <param name="Type">Its number.</param>
/// <param name="Name">The kernel's name of it.</param>
/// <param name="IsRead">Whether it asks for something.</param>
/// <param name="Attributes">What its attributes mean, for errors that point at one; null where that is not known.</param>
internal sealed record RequestKind(ushort Type, string Name, bool IsRead, AttributeSpace? Attributes)
{
    public static implicit operator RequestKind(RouteMessageType type) => RouteRequestKinds.Of(type);
}
