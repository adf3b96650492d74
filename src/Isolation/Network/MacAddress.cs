using System.Net.NetworkInformation;

namespace Isolation;

internal static class MacAddress
{
    /// <summary>As ip(8) writes it: <c>02:00:00:00:00:01</c>.</summary>
    public static string ToText(PhysicalAddress address) => string.Join(':', address.GetAddressBytes().Select(static b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
