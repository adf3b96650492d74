using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink;

/// <summary>What a queueing discipline or a class is known by on its link: two numbers of 16 bits, major and minor (tc(8), HANDLES).</summary>
/// <remarks>A discipline has a minor number of 0. Its classes have its major number.</remarks>
/// <param name="Value">The kernel's number: the major one in the upper half.</param>
public readonly record struct TrafficHandle(uint Value)
{
    /// <summary>Puts one together.</summary>
    /// <param name="major">The number of the discipline.</param>
    /// <param name="minor">The number of the class; 0 for the discipline itself.</param>
    public TrafficHandle(ushort major, ushort minor)
        : this(((uint)major << 16) | minor)
    {
    }

    /// <summary>No handle: the kernel chooses one (TC_H_UNSPEC).</summary>
    public static TrafficHandle None => default;

    /// <summary>The parent of what is at the root of a link (TC_H_ROOT).</summary>
    public static TrafficHandle Root => new(TrafficConstants.TC_H_ROOT);

    /// <summary>The parent of <c>ingress</c> and <c>clsact</c> (TC_H_INGRESS, TC_H_CLSACT).</summary>
    public static TrafficHandle Ingress => new(TrafficConstants.TC_H_INGRESS);

    /// <summary>The parent of filters for what comes in, of <c>ingress</c> and <c>clsact</c> (TC_H_MIN_INGRESS).</summary>
    public static TrafficHandle IngressFilters => new(0xFFFF, TrafficConstants.TC_H_MIN_INGRESS);

    /// <summary>The parent of filters for what goes out, of <c>clsact</c> (TC_H_MIN_EGRESS).</summary>
    public static TrafficHandle EgressFilters => new(0xFFFF, TrafficConstants.TC_H_MIN_EGRESS);

    /// <summary>The number of the discipline.</summary>
    public ushort Major => (ushort)(Value >> 16);

    /// <summary>The number of the class; 0 for the discipline itself.</summary>
    public ushort Minor => (ushort)Value;

    /// <summary>Reads one as tc(8) writes it: <c>1:</c>, <c>1:10</c>, <c>:10</c> in hexadecimal digits, or <c>root</c>, <c>none</c>, <c>ingress</c>, <c>clsact</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TrafficHandle Parse(string text)
        => TryParse(text, out TrafficHandle handle) ? handle : throw new FormatException($"'{text}' is no handle such as 1:, 1:10 or root.");

    /// <summary>As <see cref="Parse"/>, without an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TrafficHandle handle)
    {
        handle = text switch
        {
            "root" => Root,
            "ingress" or "clsact" => Ingress,
            _ => None,
        };
        if (handle != None || text == "none")
            return true;
        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 0 || text!.Length == 1 || !TryParse(text.AsSpan(0, colon), out ushort major) || !TryParse(text.AsSpan(colon + 1), out ushort minor))
            return false;
        handle = new TrafficHandle(major, minor);
        return true;
    }

    /// <summary>As tc(8) writes it.</summary>
    public override string ToString() => (Value, Major, Minor) switch
    {
        (TrafficConstants.TC_H_ROOT, _, _) => "root",
        (TrafficConstants.TC_H_UNSPEC, _, _) => "none",
        (_, 0, _) => $":{Minor:x}",
        (_, _, 0) => $"{Major:x}:",
        _ => $"{Major:x}:{Minor:x}",
    };

    private static bool TryParse(ReadOnlySpan<char> digits, out ushort number)
    {
        number = 0;
        return digits.IsEmpty || ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }
}
