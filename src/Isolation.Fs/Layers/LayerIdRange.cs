namespace Isolation.Fs.Layers;

/// <summary>Ids of a layer and what they become on disk, as in a line of /proc/PID/uid_map (user_namespaces(7)).</summary>
/// <param name="Inside">The first id in the layer.</param>
/// <param name="Outside">What it becomes.</param>
/// <param name="Count">How many ids follow one another.</param>
public readonly record struct LayerIdRange(uint Inside, uint Outside, uint Count);
