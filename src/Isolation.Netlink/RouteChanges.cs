using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What can be changed in a network namespace. A <see cref="RouteClient"/> does it at once, a <see cref="RouteBatch"/> collects it.</summary>
/// <remarks>
/// Changes need CAP_NET_ADMIN in the user namespace that owns the network namespace. What the kernel refuses is a
/// <see cref="NetlinkException"/>; a description that cannot be sent is an <see cref="ArgumentException"/>, before anything is changed.
/// </remarks>
public abstract partial class RouteChanges
{
    private protected RouteChanges()
    {
    }

    private protected abstract void Submit<TBody>(in RequestDescription description, TBody body)
        where TBody : IRequestBody;

    // One verb of two requests, neither of which is submitted if one is wrong. A client does the second only if the first took effect.
    private protected virtual void SubmitBoth<TFirst, TSecond>(in RequestDescription first, TFirst firstBody, in RequestDescription second, TSecond secondBody)
        where TFirst : IRequestBody
        where TSecond : IRequestBody
    {
        Submit(first, firstBody);
        Submit(second, secondBody);
    }

    private protected const NetlinkMessageFlags Create = NetlinkMessageFlags.NLM_F_CREATE | NetlinkMessageFlags.NLM_F_EXCL;
    private protected const NetlinkMessageFlags CreateOrReplace = NetlinkMessageFlags.NLM_F_CREATE | NetlinkMessageFlags.NLM_F_REPLACE;
}
