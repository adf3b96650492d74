namespace Isolation.Netlink;

/// <summary>Names of settings below <c>net</c>, as sysctl(8) writes them.</summary>
internal static class SysctlName
{
    /// <summary>The folders and the file, without <c>net</c>.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string[] Parse(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        // sysctl(8): dots part, and a slash is a dot.
        string[] parts = [.. name.Split('.').Select(p => p.Replace('/', '.'))];
        if (parts is not ["net", _, _, ..] || parts.Any(p => !IsPart(p)))
            throw new ArgumentException($"'{name}' is no name of a setting below net: such as net.ipv4.ip_forward.");
        return parts[1..];
    }

    /// <summary>The path below <c>/proc/sys/net</c>.</summary>
    public static string ToPath(string[] parts)
    {
        if (parts.FirstOrDefault(p => !IsPart(p)) is { } wrong)
            throw new ArgumentException($"'{wrong}' is no part of a setting's name.");
        return string.Join('/', parts);
    }

    private static bool IsPart(string part) => part.Length > 0 && part is not ("." or "..") && !part.AsSpan().ContainsAny('/', '\0');
}
