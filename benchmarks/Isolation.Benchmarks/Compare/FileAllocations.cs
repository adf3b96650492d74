using System.Text;
using Isolation.Fs;

namespace Isolation.Benchmarks.Compare;

/// <summary>What the works on files and mounts leave to the collector.</summary>
internal static class FileAllocations
{
    public const string Title = "Files: allocated, in bytes";

    private const int Count = 10_000;

    public static void Measure(Report report)
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, Count).Select(i => $"{i} 1 0:{i} / /srv/containers/{i}/merged rw,relatime shared:{i} - overlay overlay rw,lowerdir=/srv/layers/{i}\n")));
        using RootDirectory root = RootDirectory.Open("/usr");
        report.Head(Title, "work", "on the calling thread, each");
        report.Row("a line of a mount table enumerated", Each(Count, () =>
        {
            foreach (MountLine line in MountTable.Enumerate(text))
                _ = line.EscapedMountPoint;
        }));
        report.Row("a mount of a table that is kept as values", Each(MountTable.Read().Length, () => MountTable.Read()));
        report.Row("a mount found by its path", Each(1, () => MountStatus.Find("/proc")));
        report.Row("a path resolved beneath a root and opened", Each(1, () => root.OpenRead("bin/../bin/env").Dispose()));
    }

    private static string Each(int count, Action work)
    {
        const int Times = 200;

        // Some hundred calls, until the runtime has compiled for good.
        for (int i = 0; i < Times; i++)
            work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++)
            work();
        return $"{(GC.GetAllocatedBytesForCurrentThread() - before) / ((double)Times * count):N1}";
    }
}
