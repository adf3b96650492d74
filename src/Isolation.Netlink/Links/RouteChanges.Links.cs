using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public abstract partial class RouteChanges
{
    /// <summary>Makes a link.</summary>
    /// <param name="name">Its name: 15 bytes at the most.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="settings">What else is set at once.</param>
    /// <exception cref="NetlinkException">EEXIST: the name is taken; EOPNOTSUPP: the kernel has no such kind; EINVAL: a value is refused.</exception>
    public void AddLink(string name, LinkKind kind, LinkSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(kind);
        if (settings?.Name is not null && settings.Name != name)
            throw new ArgumentException($"The settings name the link '{settings.Name}', not '{name}'.", nameof(settings));
        Submit(
            new RequestDescription(RouteMessageType.RTM_NEWLINK, Create, $"add the {kind.Name}", name),
            new NewLinkRequest(kind, (settings ?? LinkSettings.None) with { Name = name }));
    }

    /// <summary>Changes a link.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="settings">What is changed. <see cref="LinkSettings.NetworkNamespace"/> moves it, which takes some 20 ms.</param>
    /// <param name="kind">What is changed of what only its kind has.</param>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EEXIST: the new name is taken; EINVAL, EBUSY, EOPNOTSUPP: it cannot be changed so.</exception>
    public void ChangeLink(int index, LinkSettings settings, LinkKind? kind = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        ArgumentNullException.ThrowIfNull(settings);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWLINK, 0, "change the link with index", index), new ChangeLinkRequest(index, null, settings, kind));
    }

    /// <summary>Changes a link that is known by its name or an alternative name. It cannot be renamed so.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">What is changed.</param>
    /// <exception cref="NetlinkException">As <see cref="ChangeLink(int, LinkSettings, LinkKind?)"/>.</exception>
    public void ChangeLink(string name, LinkSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Name is not null)
            throw new ArgumentException("A link is renamed by its index.", nameof(settings));
        Submit(new RequestDescription(RouteMessageType.RTM_NEWLINK, 0, "change the link", name), new ChangeLinkRequest(0, name, settings, null));
    }

    /// <summary>Deletes a link; of a veth, its peer too.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EOPNOTSUPP: it cannot be deleted.</exception>
    public void DeleteLink(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        Submit(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete the link with index", index), new OneLinkRequest(index));
    }

    /// <summary>Deletes a link by its name or an alternative name; of a veth, its peer too.</summary>
    /// <exception cref="NetlinkException">As <see cref="DeleteLink(int)"/>.</exception>
    public void DeleteLink(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Submit(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete the link", name), new OneLinkRequest(0, name));
    }

    /// <summary>Deletes all links of a group together, which is much faster than one by one.</summary>
    /// <param name="group">The group. 0 is refused: every link begins there.</param>
    /// <exception cref="NetlinkException">ENODEV: the group is empty; EOPNOTSUPP: one of it cannot be deleted, so none was.</exception>
    public void DeleteLinkGroup(int group)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(group);
        Submit(new RequestDescription(RouteMessageType.RTM_DELLINK, 0, "delete the links of group", group), new LinkGroupRequest(group));
    }

    /// <summary>Gives a link another name besides its own.</summary>
    /// <param name="index">The link's index.</param>
    /// <param name="name">The name: 127 bytes at the most.</param>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EEXIST: the name is taken.</exception>
    public void AddAlternativeName(int index, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWLINKPROP, Create, "add the alternative name", name), new AlternativeNameRequest(index, name));
    }

    /// <summary>Takes an alternative name away.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; ENOENT or EINVAL: it does not have that name.</exception>
    public void DeleteAlternativeName(int index, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        Submit(new RequestDescription(RouteMessageType.RTM_DELLINKPROP, 0, "delete the alternative name", name), new AlternativeNameRequest(index, name));
    }
}
