namespace Isolation.Fs;

/// <summary>Devices, drivers and the links of this thread's network namespace (sysfs(5)).</summary>
public sealed record SysfsOptions : FileSystemOptions
{
    /// <inheritdoc/>
    public override string Type => "sysfs";

    internal override MountAttributes UsualAttributes => MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec;

    private protected override void AddTo(FileSystemParameters parameters)
    {
    }
}
