using System.Globalization;

namespace Isolation.Namespaces;

/// <summary>Which ids exist in the caller's own user namespace.</summary>
internal static class IdsInUse
{
    /// <summary>Whether a map file of /proc has all ids of a range.</summary>
    public static bool Cover(string mapFile, uint first, uint count)
    {
        foreach (string line in File.ReadLines(mapFile))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            ulong inside = ulong.Parse(fields[0], CultureInfo.InvariantCulture), length = ulong.Parse(fields[2], CultureInfo.InvariantCulture);
            if (first >= inside && (ulong)first + count <= inside + length)
                return true;
        }

        return false;
    }
}
