namespace Isolation.Netlink;

/// <summary>The checksums of what a tunnel is put into (TUNNEL_ENCAP_FLAG_*).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum TunnelEncapsulationFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A checksum of UDP over IPv4 (TUNNEL_ENCAP_FLAG_CSUM).</summary>
    Checksum = 1,

    /// <summary>A checksum of UDP over IPv6 (TUNNEL_ENCAP_FLAG_CSUM6).</summary>
    Checksum6 = 2,

    /// <summary>The checksum inside is left to the other end (TUNNEL_ENCAP_FLAG_REMCSUM).</summary>
    RemoteChecksum = 4,
}
