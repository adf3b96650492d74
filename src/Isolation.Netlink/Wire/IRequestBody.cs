using Isolation.Netlink.Interop;

namespace Isolation.Netlink.Wire;

/// <summary>What follows the header of a request: the fixed part of its type, then attributes.</summary>
internal interface IRequestBody
{
    /// <exception cref="ArgumentException">The description is wrong. Nothing has been sent.</exception>
    void WriteTo(MessageWriter writer);
}

/// <summary>What a request is for, as an error tells it.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Flags">Its flags, besides those of every request.</param>
/// <param name="Operation">What is being done, as a verb phrase.</param>
/// <param name="Target">To what: becomes text only when it is needed.</param>
internal readonly record struct RequestDescription(RequestKind Kind, NetlinkMessageFlags Flags, string Operation, object? Target);
