namespace Isolation.Samples.RunImage;

/// <summary>A layout's directory and a tag, as skopeo(1) writes them: <c>DIR[:TAG]</c>.</summary>
internal sealed record ImageName(string Layout, string? Tag)
{
    /// <summary>A directory that is there is meant as it is, colons included.</summary>
    public static ImageName Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon <= 0 || colon < text.LastIndexOf('/') || Directory.Exists(text)
            ? new ImageName(Path.GetFullPath(text), null)
            : new ImageName(Path.GetFullPath(text[..colon]), text[(colon + 1)..]);
    }
}
