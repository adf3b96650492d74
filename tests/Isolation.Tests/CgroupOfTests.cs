namespace Isolation.Tests;

/// <summary>An empty cgroup v2 directory, without controllers: wherever cgroup v2 is mounted.</summary>
internal sealed class CgroupOfTests : IDisposable
{
    public CgroupOfTests() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(
        File.Exists("/sys/fs/cgroup/cgroup.procs") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified",
        "isolation-join-" + Guid.NewGuid().ToString("N")[..12]);

    // The kernel lets go of the last process a little after it was reaped.
    public void Dispose()
    {
        for (DateTime end = DateTime.UtcNow.AddSeconds(5); File.ReadAllText($"{Path}/cgroup.events").Contains("populated 1", StringComparison.Ordinal) && DateTime.UtcNow < end;)
            Thread.Sleep(1);
        Directory.Delete(Path);
    }
}
