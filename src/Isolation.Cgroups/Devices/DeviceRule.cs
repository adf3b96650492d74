using System.Globalization;

namespace Isolation.Cgroups;

/// <summary>Allows or denies access to devices.</summary>
/// <param name="IsAllowed">Whether it is allowed.</param>
/// <param name="Kind">The kind of device.</param>
/// <param name="Major">The major number; null for all.</param>
/// <param name="Minor">The minor number; null for all.</param>
/// <param name="Access">What it is about.</param>
public readonly record struct DeviceRule(bool IsAllowed, DeviceKind Kind, int? Major, int? Minor, DeviceAccess Access)
{
    /// <summary>Reads a rule as the kernel's documents and OCI write it: <c>c 1:3 rwm</c>, <c>b *:* m</c>, <c>a</c>.</summary>
    /// <param name="isAllowed">Whether it is allowed.</param>
    /// <param name="text">The rule.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static DeviceRule Parse(bool isAllowed, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["a"])
            return new DeviceRule(isAllowed, DeviceKind.Any, null, null, DeviceAccess.All);
        if (parts is not [var kind, var numbers, var access] || numbers.Split(':') is not [var major, var minor])
            throw new FormatException($"This is no rule such as 'c 1:3 rwm': '{text}'.");
        return new DeviceRule(
            isAllowed,
            kind switch { "a" => DeviceKind.Any, "b" => DeviceKind.Block, "c" => DeviceKind.Character, _ => throw new FormatException($"The kind of device is a, b or c: '{text}'.") },
            Number(major, text),
            Number(minor, text),
            access.Aggregate(DeviceAccess.None, (all, letter) => all | letter switch { 'r' => DeviceAccess.Read, 'w' => DeviceAccess.Write, 'm' => DeviceAccess.MakeNode, _ => throw new FormatException($"The access is made of r, w and m: '{text}'.") }));
    }

    /// <summary>As it is read: <c>c 1:3 rwm</c>.</summary>
    public override string ToString()
    {
        string access = (Access.HasFlag(DeviceAccess.Read) ? "r" : "") + (Access.HasFlag(DeviceAccess.Write) ? "w" : "") + (Access.HasFlag(DeviceAccess.MakeNode) ? "m" : "");
        return string.Create(CultureInfo.InvariantCulture, $"{(Kind == DeviceKind.Block ? 'b' : Kind == DeviceKind.Character ? 'c' : 'a')} {Major?.ToString(CultureInfo.InvariantCulture) ?? "*"}:{Minor?.ToString(CultureInfo.InvariantCulture) ?? "*"} {access}");
    }

    private static int? Number(string text, string rule)
    {
        if (text == "*")
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw new FormatException($"The numbers of a device are numbers or *: '{rule}'.");
    }
}
