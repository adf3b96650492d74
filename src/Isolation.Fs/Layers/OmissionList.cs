using System.Collections.Immutable;

namespace Isolation.Fs.Layers;

/// <summary>Gathers what was left out, one line a kind.</summary>
internal sealed class OmissionList
{
    private readonly SortedDictionary<string, LayerOmission> _all = new(StringComparer.Ordinal);

    public ImmutableArray<LayerOmission> All => [.. _all.Values];

    public void Add(string what, string path)
        => _all[what] = _all.TryGetValue(what, out LayerOmission? known) ? known with { Count = known.Count + 1 } : new LayerOmission(what, 1, path);

    public void AddAll(IEnumerable<LayerOmission> others)
    {
        foreach (LayerOmission other in others)
            _all[other.What] = _all.TryGetValue(other.What, out LayerOmission? known) ? known with { Count = known.Count + other.Count } : other;
    }
}
