using System.Collections.Immutable;

namespace Isolation.Fs.Layers;

/// <summary>Gathers what was left out, one line a kind.</summary>
internal sealed class OmissionList
{
    /// <summary>Attributes with a kind of their own. Their names are the layer's, and it can have any number of them.</summary>
    private const int MaxAttributes = 64;

    private const string Attribute = "attribute";

    private readonly SortedDictionary<string, LayerOmission> _all = new(StringComparer.Ordinal);

    public ImmutableArray<LayerOmission> All => [.. _all.Values];

    public void Add(string what, string path)
        => _all[what] = _all.TryGetValue(what, out LayerOmission? known) ? known with { Count = known.Count + 1 } : new LayerOmission(what, 1, path);

    public void AddAttribute(string name, string path) => Add(KindOf(name), path);

    public void AddAll(IEnumerable<LayerOmission> others)
    {
        foreach (LayerOmission other in others)
        {
            string what = other.What.Contains('.', StringComparison.Ordinal) ? KindOf(other.What) : other.What;
            _all[what] = _all.TryGetValue(what, out LayerOmission? known) ? known with { Count = known.Count + other.Count } : other with { What = what };
        }
    }

    private string KindOf(string name)
        => HasNamespace(name) && (_all.Count < MaxAttributes || _all.ContainsKey(name)) ? name : Attribute;

    // xattr(7), "Extended attribute namespaces".
    private static bool HasNamespace(string name)
        => name.StartsWith("user.", StringComparison.Ordinal)
            || name.StartsWith("trusted.", StringComparison.Ordinal)
            || name.StartsWith("security.", StringComparison.Ordinal)
            || name.StartsWith("system.", StringComparison.Ordinal);
}
