namespace Isolation.Netlink.Interop;

/// <summary>Where the kernel declares what a type repeats. A test compares them with the headers.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Field)]
internal sealed class KernelHeaderAttribute(string header) : System.Attribute
{
    /// <summary>The header, as C includes it.</summary>
    public string Header { get; } = header;

    /// <summary>What C calls a struct.</summary>
    public string? Struct { get; init; }

    /// <summary>The struct grows from kernel to kernel, and the type repeats its beginning.</summary>
    public bool IsBeginning { get; init; }

    /// <summary>Newer than the headers that tests may find (Linux 6.1): not compared. A member of an older enum says so itself.</summary>
    public bool IsNew { get; init; }
}
