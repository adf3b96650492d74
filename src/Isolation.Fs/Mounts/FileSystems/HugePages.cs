namespace Isolation.Fs;

/// <summary>Whether a tmpfs takes huge pages (tmpfs(5), huge).</summary>
public enum HugePages
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>For each new page, if there is one.</summary>
    Always,

    /// <summary>Where one lies wholly within the file's size, or madvise(2) asks for it.</summary>
    WithinSize,

    /// <summary>Where madvise(2) asks for it.</summary>
    Advise,
}
