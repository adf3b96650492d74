namespace Isolation;

/// <summary>Files of /etc that tell a container of itself and its network. Nothing of the root is changed for them.</summary>
[Flags]
public enum EtcFiles
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>
    /// /etc/hosts (hosts(5)): localhost, and the container's host name at the addresses that <c>WithNetNs</c> gives it. Without any,
    /// the name is at 127.0.1.1, so that it can always be resolved. The name of an existing UTS namespace that is joined is not known, and left out.
    /// </summary>
    Hosts = 1,

    /// <summary>/etc/hostname (hostname(5)): the host name.</summary>
    HostName = 2,

    /// <summary>
    /// /etc/resolv.conf (resolv.conf(5)): the host's. In a network namespace of the container's own, without name servers at loopback addresses,
    /// which are others there; where that leaves none because the host asks its own systemd-resolved(8), the ones which that asks.
    /// </summary>
    ResolvConf = 4,

    /// <summary>All of them.</summary>
    All = Hosts | HostName | ResolvConf,
}
