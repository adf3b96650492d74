namespace Isolation.Fs.Layers;

/// <summary>What is done with what only a privileged user can do.</summary>
public enum LayerPrivilege
{
    /// <summary>All is done; what the kernel refuses is an error.</summary>
    Full,

    /// <summary>
    /// Owners, devices and attributes that need privilege are left out and told (<see cref="LayerResult.Omissions"/>): all
    /// files belong to who unpacks.
    /// </summary>
    None,
}
