using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Files of lines such as <c>res_a 3</c> or <c>mlx4_0 hca_handle=2 hca_object=max</c>.</summary>
internal static class NamedResources
{
    public static IReadOnlyDictionary<string, CgroupLimit> Flat(string text)
        => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => l.Split(' ', 2)).ToDictionary(static p => p[0], static p => CgroupLimit.Parse(p.Length == 2 ? p[1] : ""));

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, CgroupLimit>> Nested(string text)
        => NestedKeyed.Lines(text).ToDictionary(static l => l.Key, static l => (IReadOnlyDictionary<string, CgroupLimit>)l.Values.ToDictionary(static v => v.Key, static v => CgroupLimit.Parse(v.Value)));

    /// <exception cref="ArgumentException">It is no name: the kernel would take its parts for something else.</exception>
    public static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '='))
            throw new ArgumentException($"This is no name of a resource: '{name}'.", nameof(name));
        return name;
    }
}
