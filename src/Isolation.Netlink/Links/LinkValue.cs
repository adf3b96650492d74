using System.Net.NetworkInformation;

namespace Isolation.Netlink;

/// <summary>Values that the kernel refuses or, worse, cuts off: they are refused before anything is sent.</summary>
internal static class LinkValue
{
    private const int MacLength = 6, LargestVni = (1 << 24) - 1, LargestFlowLabel = (1 << 20) - 1;

    // 4095 is reserved (IEEE 802.1Q).
    private const int LargestVlanId = 4094;

    public static ushort? VlanIdOrNone(ushort? id) => id is null or <= LargestVlanId ? id : throw new ArgumentException($"A VLAN is 1 to {LargestVlanId}, or 0: {id}.");

    public static int VlanId(int id) => id is >= 1 and <= LargestVlanId ? id : throw new ArgumentException($"A VLAN is 1 to {LargestVlanId}: {id}.");

    public static uint? Vni(uint? id) => id is null or <= LargestVni ? id : throw new ArgumentException($"The number of a network (VNI) has 24 bits: {id}.");

    public static uint? FlowLabel(uint? label) => label is null or <= LargestFlowLabel ? label : throw new ArgumentException($"A flow label has 20 bits: {label}.");

    public static uint? NotZero(uint? value, string name) => value != 0 ? value : throw new ArgumentException($"{name} is 0.");

    public static int? NotNegative(int? value, string name) => value is null or >= 0 ? value : throw new ArgumentException($"{name} is negative: {value}.");

    public static PhysicalAddress? Mac(PhysicalAddress? address)
        => address is null || address.GetAddressBytes().Length == MacLength ? address : throw new ArgumentException($"A MAC address has {MacLength} bytes: {address}.");
}
