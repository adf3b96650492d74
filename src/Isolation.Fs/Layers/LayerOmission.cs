namespace Isolation.Fs.Layers;

/// <summary>Something that was left out.</summary>
/// <param name="What">What: owners, devices, or an attribute by its name; <c>attribute</c> for names of no namespace of xattr(7), and when there are very many.</param>
/// <param name="Count">How often.</param>
/// <param name="FirstPath">Where first.</param>
public sealed record LayerOmission(string What, int Count, string FirstPath);
