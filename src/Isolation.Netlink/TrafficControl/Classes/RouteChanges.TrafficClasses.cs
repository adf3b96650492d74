using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Adds a class to a queueing discipline.</summary>
    /// <exception cref="NetlinkException">EEXIST: there is one already; ENOENT: there is no such discipline or parent; EOPNOTSUPP: the discipline's classes are fixed; EINVAL: a value is refused.</exception>
    public void AddTrafficClass(TrafficClass trafficClass) => SubmitClass(trafficClass, Create, "add the class");

    /// <summary>Changes a class. Its packets stay.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EINVAL: a value is refused.</exception>
    public void ChangeTrafficClass(TrafficClass trafficClass) => SubmitClass(trafficClass, 0, "change the class");

    /// <summary>Adds a class, or changes the one that is there.</summary>
    /// <exception cref="NetlinkException">As <see cref="AddTrafficClass"/>, but not EEXIST.</exception>
    public void ReplaceTrafficClass(TrafficClass trafficClass) => SubmitClass(trafficClass, CreateOrReplace, "replace the class");

    /// <summary>Deletes a class by its id.</summary>
    /// <exception cref="NetlinkException">ENOENT: there is none; EBUSY: it has classes or filters.</exception>
    public void DeleteTrafficClass(TrafficClass trafficClass)
    {
        ArgumentNullException.ThrowIfNull(trafficClass);
        DeleteTrafficClass(trafficClass.InterfaceIndex, trafficClass.Id);
    }

    /// <summary>Deletes a class.</summary>
    /// <param name="interfaceIndex">The index of the link.</param>
    /// <param name="id">What the class is known by, such as 1:10.</param>
    /// <exception cref="NetlinkException">ENOENT: there is none; EBUSY: it has classes or filters.</exception>
    public void DeleteTrafficClass(int interfaceIndex, TrafficHandle id)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interfaceIndex);
        if (id.Minor == 0)
            throw new ArgumentException($"A class has a minor number that is not 0: {id}.", nameof(id));
        Submit(new RequestDescription(RouteMessageType.RTM_DELTCLASS, 0, $"delete the class of link {interfaceIndex}", id), new TrafficPlaceRequest(interfaceIndex, TrafficHandle.None, id));
    }

    private void SubmitClass(TrafficClass trafficClass, NetlinkMessageFlags flags, string operation)
    {
        ArgumentNullException.ThrowIfNull(trafficClass);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trafficClass.InterfaceIndex);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWTCLASS, flags, operation, trafficClass), new TrafficClassRequest(trafficClass));
    }
}
