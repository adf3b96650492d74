using System.Globalization;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Transport;

/// <summary>Puts into words what the kernel would have accepted as an attribute's value (enum netlink_policy_type_attr).</summary>
internal static class AttributePolicy
{
    /// <summary>A noun with its limits; null when the kernel does not say what it wants.</summary>
    public static string? Describe(AttributeReader policy)
    {
        PolicyType type = PolicyType.NL_ATTR_TYPE_INVALID;
        string? from = null, to = null, least = null, most = null, bits = null;
        foreach (Wire.Attribute attribute in policy)
        {
            switch ((PolicyAttribute)attribute.Type)
            {
                case PolicyAttribute.NL_POLICY_TYPE_ATTR_TYPE:
                    type = attribute.Number<PolicyType>();
                    break;
                case PolicyAttribute.NL_POLICY_TYPE_ATTR_MIN_VALUE_S:
                    from = Text(attribute.Number<long>());
                    break;
                case PolicyAttribute.NL_POLICY_TYPE_ATTR_MAX_VALUE_S:
                    to = Text(attribute.Number<long>());
                    break;
                case PolicyAttribute.NL_POLICY_TYPE_ATTR_MIN_VALUE_U:
                    from = Text(attribute.Number<ulong>());
                    break;
                case PolicyAttribute.NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
                    to = Text(attribute.Number<ulong>());
                    break;
                case PolicyAttribute.NL_POLICY_TYPE_ATTR_MIN_LENGTH:
                    least = Text(attribute.Number<uint>());
                    break;
                case PolicyAttribute.NL_POLICY_TYPE_ATTR_MAX_LENGTH:
                    most = Text(attribute.Number<uint>());
                    break;
                case PolicyAttribute.NL_POLICY_TYPE_ATTR_MASK:
                    bits = attribute.Number<ulong>().ToString("x", CultureInfo.InvariantCulture);
                    break;
                case PolicyAttribute.NL_POLICY_TYPE_ATTR_BITFIELD32_MASK:
                    bits = attribute.Number<uint>().ToString("x", CultureInfo.InvariantCulture);
                    break;
            }
        }

        return Noun(type) is { } noun ? noun + Range(from, to) + Length(least, most) + (bits is null ? "" : $" with no bits but 0x{bits}") : null;
    }

    private static string? Noun(PolicyType type) => type switch
    {
        PolicyType.NL_ATTR_TYPE_FLAG => "a flag without a value",
        PolicyType.NL_ATTR_TYPE_U8 or PolicyType.NL_ATTR_TYPE_S8 => "a number of 8 bits",
        PolicyType.NL_ATTR_TYPE_U16 or PolicyType.NL_ATTR_TYPE_S16 => "a number of 16 bits",
        PolicyType.NL_ATTR_TYPE_U32 or PolicyType.NL_ATTR_TYPE_S32 => "a number of 32 bits",
        PolicyType.NL_ATTR_TYPE_U64 or PolicyType.NL_ATTR_TYPE_S64 => "a number of 64 bits",
        PolicyType.NL_ATTR_TYPE_BINARY => "a value",
        PolicyType.NL_ATTR_TYPE_STRING => "a text",
        PolicyType.NL_ATTR_TYPE_NUL_STRING => "a text that ends with a zero byte",
        PolicyType.NL_ATTR_TYPE_NESTED or PolicyType.NL_ATTR_TYPE_NESTED_ARRAY => "attributes",
        PolicyType.NL_ATTR_TYPE_BITFIELD32 => "32 bits with their mask",
        _ => null,
    };

    private static string Range(string? from, string? to) => (from, to) switch
    {
        (null, null) => "",
        (null, _) => $" up to {to}",
        (_, null) => $" from {from}",
        _ => $" from {from} to {to}",
    };

    private static string Length(string? least, string? most) => (least, most) switch
    {
        (null, null) => "",
        (null, _) => $" of at most {most} bytes",
        (_, null) => $" of at least {least} bytes",
        _ => $" of {least} to {most} bytes",
    };

    private static string Text<T>(T number)
        where T : IFormattable
        => number.ToString(null, CultureInfo.InvariantCulture);
}
