using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Adds a queueing discipline at the root of a link, or for what comes in if it is <see cref="IngressQdisc"/> or <see cref="ClsactQdisc"/>.</summary>
    /// <param name="interfaceIndex">The index of the link.</param>
    /// <param name="kind">How it treats packets.</param>
    /// <exception cref="NetlinkException">As <see cref="AddQdisc(Qdisc)"/>.</exception>
    public void AddQdisc(int interfaceIndex, QdiscKind kind) => AddQdisc(new Qdisc(interfaceIndex, kind));

    /// <summary>Adds a queueing discipline. It takes the place of the kernel's default.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is one already; ENODEV: there is no such link; ENOENT: the kernel has no such kind, or there is no such parent; EINVAL: a value is refused.</exception>
    public void AddQdisc(Qdisc qdisc) => SubmitQdisc(qdisc, Create, isNew: true, "add the qdisc");

    /// <summary>
    /// Changes a queueing discipline, which keeps its packets and classes. What is null of its kind stays as it is; what is not
    /// null is set. Of netem everything is set, but a distribution that it once got it keeps until it gets another.
    /// </summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EINVAL: it is of another kind, a value is refused, or the kind cannot be changed, as htb.</exception>
    public void ChangeQdisc(Qdisc qdisc) => SubmitQdisc(qdisc, 0, isNew: false, "change the qdisc");

    /// <summary>Adds a queueing discipline, or changes the one that is there if it is of the same kind, or else takes its place.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; ENOENT: the kernel has no such kind, or there is no such parent; EINVAL: a value is refused.</exception>
    public void ReplaceQdisc(Qdisc qdisc) => SubmitQdisc(qdisc, CreateOrReplace, isNew: false, "replace the qdisc");

    /// <summary>Deletes a queueing discipline with all that stands on it. The kernel's default comes back.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EINVAL: another one is there, or the kernel's default.</exception>
    public void DeleteQdisc(Qdisc qdisc)
    {
        ArgumentNullException.ThrowIfNull(qdisc);
        Submit(new RequestDescription(RouteMessageType.RTM_DELQDISC, 0, "delete the qdisc", qdisc), new DeleteQdiscRequest(qdisc));
    }

    /// <summary>Deletes the queueing discipline at a place of a link, whatever its kind.</summary>
    /// <param name="interfaceIndex">The index of the link.</param>
    /// <param name="parent">Where it stands: <see cref="TrafficHandle.Root"/>, <see cref="TrafficHandle.Ingress"/> or a class.</param>
    /// <exception cref="NetlinkException">ENOENT: there is none; EINVAL: it is the kernel's default.</exception>
    public void DeleteQdisc(int interfaceIndex, TrafficHandle parent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interfaceIndex);
        Submit(new RequestDescription(RouteMessageType.RTM_DELQDISC, 0, $"delete the qdisc of link {interfaceIndex} at", parent), new TrafficPlaceRequest(interfaceIndex, parent));
    }

    private void SubmitQdisc(Qdisc qdisc, NetlinkMessageFlags flags, bool isNew, string operation)
    {
        ArgumentNullException.ThrowIfNull(qdisc);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(qdisc.InterfaceIndex);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWQDISC, flags, operation, qdisc), new QdiscRequest(qdisc, isNew));
    }
}
