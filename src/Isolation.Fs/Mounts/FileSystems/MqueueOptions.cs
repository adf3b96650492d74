namespace Isolation.Fs;

/// <summary>The POSIX message queues of this thread's IPC namespace (mq_overview(7)).</summary>
public sealed record MqueueOptions : FileSystemOptions
{
    /// <inheritdoc/>
    public override string Type => "mqueue";

    internal override MountAttributes UsualAttributes => MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec;

    private protected override void AddTo(FileSystemParameters parameters)
    {
    }
}
