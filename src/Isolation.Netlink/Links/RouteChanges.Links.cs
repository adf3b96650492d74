using System.Runtime.InteropServices;
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

    /// <summary>
    /// Makes a veth with both ends up: one here, the other one, with its final name, in another network namespace. Nothing is moved: the
    /// fast way to connect a container.
    /// </summary>
    /// <param name="name">The name of the end here.</param>
    /// <param name="peerName">The name of the other end.</param>
    /// <param name="peerNamespace">A descriptor of the network namespace of the other end; null for the same one.</param>
    /// <param name="settings">What else is set of the end here, such as the bridge that it joins.</param>
    /// <param name="peerSettings">What else is set of the other end.</param>
    /// <remarks>
    /// These are two changes: the pair, and then what is set of the end here. A <see cref="RouteClient"/> does the second one only if the
    /// first one took effect. In a <see cref="RouteBatch"/> they are sent together, and if the pair cannot be made because there is a link
    /// with the name already, the second one is done to that link.
    /// </remarks>
    /// <exception cref="NetlinkException">EEXIST: a name is taken; EINVAL: the handle is of no network namespace.</exception>
    public void AddVeth(string name, string peerName, SafeHandle? peerNamespace, LinkSettings? settings = null, LinkSettings? peerSettings = null)
    {
        LinkName.Check(name);
        LinkName.Check(peerName);
        settings ??= LinkSettings.None;
        peerSettings ??= LinkSettings.None;
        if (settings.Name is not null || peerSettings.Name is not null || settings.NetworkNamespace is not null || peerSettings.NetworkNamespace is not null)
            throw new ArgumentException("The settings of a veth's ends have neither a name nor a network namespace: these are parameters.");

        // The peer of a new pair cannot be up, but the link itself can (veth_open). So the far end, of which nobody here knows the
        // index, is the link, and the near one its peer, which is then known by its name.
        var near = new LinkSettings { Name = name, Index = settings.Index, TransmitQueues = settings.TransmitQueues, ReceiveQueues = settings.ReceiveQueues };
        LinkSettings far = peerSettings with { Name = peerName, NetworkNamespace = peerNamespace, IsUp = peerSettings.IsUp ?? true };
        LinkSettings change = settings with { Index = null, TransmitQueues = null, ReceiveQueues = null, IsUp = settings.IsUp ?? true };
        SubmitBoth(
            new RequestDescription(RouteMessageType.RTM_NEWLINK, Create, "add the veth", name),
            new NewLinkRequest(new VethLink { Peer = near }, far),
            new RequestDescription(RouteMessageType.RTM_NEWLINK, 0, "change the link", name),
            new ChangeLinkRequest(0, name, change, null));
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

    /// <summary>Changes all links of a group in the same way.</summary>
    /// <param name="group">The group. 0 is where all links begin.</param>
    /// <param name="settings">What is changed. <see cref="LinkSettings.Group"/> cannot be.</param>
    /// <exception cref="NetlinkException">EINVAL, EBUSY, EOPNOTSUPP: a link cannot be changed so; those before it were.</exception>
    public void ChangeLinkGroup(int group, LinkSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(group);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Name is not null || settings.Group is not null || settings.Index is not null)
            throw new ArgumentException("Links of a group cannot all get one name or index, nor another group.", nameof(settings));
        Submit(new RequestDescription(RouteMessageType.RTM_NEWLINK, 0, "change the links of group", group), new ChangeLinkGroupRequest(group, settings));
    }

    /// <summary>Changes what a link is to the bridge or bond that it belongs to.</summary>
    /// <param name="index">The link's index.</param>
    /// <param name="port">What is changed: a <see cref="BridgePort"/> or a <see cref="BondPort"/>.</param>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EINVAL, EOPNOTSUPP: it belongs to no such master, or cannot be changed so.</exception>
    public void ChangeLinkPort(int index, LinkPort port)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        ArgumentNullException.ThrowIfNull(port);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWLINK, 0, $"change the {port.Name} port with index", index), new ChangeLinkPortRequest(index, port));
    }

    /// <summary>Moves a link into another network namespace, which takes some 20 ms. Making it there is the fast way.</summary>
    /// <param name="index">The link's index here.</param>
    /// <param name="networkNamespace">A descriptor of the network namespace.</param>
    /// <param name="name">The name that it gets there; null for the one that it has.</param>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EEXIST: the name is taken there; EINVAL: it cannot leave its namespace.</exception>
    public void MoveLink(int index, SafeHandle networkNamespace, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(networkNamespace);
        ChangeLink(index, new LinkSettings { NetworkNamespace = networkNamespace, Name = name });
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
    public void AddAlternativeName(int index, string name) => AddAlternativeNames(index, name);

    /// <summary>Gives a link other names besides its own.</summary>
    /// <param name="index">The link's index.</param>
    /// <param name="names">The names: 127 bytes at the most each.</param>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; EEXIST: a name is taken. It has the names before that.</exception>
    public void AddAlternativeNames(int index, params ReadOnlySpan<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        Submit(new RequestDescription(RouteMessageType.RTM_NEWLINKPROP, Create, "add the alternative name", string.Join(", ", names!)), new AlternativeNameRequest(index, NotNone(names)));
    }

    /// <summary>Takes an alternative name away.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; ENOENT or EINVAL: it does not have that name.</exception>
    public void DeleteAlternativeName(int index, string name) => DeleteAlternativeNames(index, name);

    /// <summary>Takes alternative names away.</summary>
    /// <exception cref="NetlinkException">ENODEV: there is no such link; ENOENT or EINVAL: it does not have a name. Those before that are gone.</exception>
    public void DeleteAlternativeNames(int index, params ReadOnlySpan<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        Submit(new RequestDescription(RouteMessageType.RTM_DELLINKPROP, 0, "delete the alternative name", string.Join(", ", names!)), new AlternativeNameRequest(index, NotNone(names)));
    }

    private static string[] NotNone(ReadOnlySpan<string> names) => names.Length > 0 ? names.ToArray() : throw new ArgumentException("There is no name.", nameof(names));
}
