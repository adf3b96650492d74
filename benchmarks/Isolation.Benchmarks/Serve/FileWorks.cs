using System.Diagnostics;
using Isolation.Fs;
using Isolation.Fs.Layers;

namespace Isolation.Benchmarks.Serve;

/// <summary>The works of reference/files.c, and others on files, through the library.</summary>
internal static class FileWorks
{
    private const int Resolves = 1000, Finds = 100;

    /// <param name="work">What is done.</param>
    /// <param name="place">On what.</param>
    /// <param name="other">For some works: what is copied to there before, or how much there has to be.</param>
    public static WorkContender Open(string work, string place, string other) => work switch
    {
        "unpack" => Unpack(place, other),
        "delete" => Delete(place, other),
        "read" => ReadTable(int.Parse(other)),
        "list" => ListTable(int.Parse(other)),
        "parse" => Parse(File.ReadAllBytes(place), int.Parse(other)),
        "find" => Find(place),
        "resolve" => Resolve(place),
        _ => throw new ArgumentException($"unknown work {work}"),
    };

    /// <summary>To a folder, which is deleted again when the figures are taken.</summary>
    private static WorkContender Unpack(string target, string archive)
        => new(
            () =>
            {
                Layer.Unpack(target, [() => File.OpenRead(archive)]);
                return 1;
            },
            1)
        {
            After = () => DeleteTree(target),
        };

    private static WorkContender Delete(string target, string model)
        => new(() => DeleteTree(target), 1) { Before = () => Run("cp", "-r", model, target) };

    private static WorkContender ReadTable(int count)
        => new(
            () =>
            {
                using PooledMountTable table = MountTable.ReadPooled();
                return Look(table.GetEnumerator()) >= count ? count : 0;
            },
            count);

    private static WorkContender ListTable(int count) => new(() => MountTable.Read().Length >= count ? count : 0, count);

    private static WorkContender Parse(byte[] text, int count) => new(() => Look(MountTable.Enumerate(text)), count);

    private static WorkContender Find(string place)
        => new(
            () =>
            {
                int found = 0;
                for (int i = 0; i < Finds; i++)
                    found += MountStatus.Find(place)?.Mount.MountPoint == place ? 1 : 0;
                return found;
            },
            Finds);

    private static WorkContender Resolve(string folder)
    {
        RootDirectory root = RootDirectory.Open(folder);
        return new WorkContender(
            () =>
            {
                for (int i = 0; i < Resolves; i++)
                    root.OpenRead("link/../b/c/d/file").Dispose();
                return Resolves;
            },
            Resolves,
            root);
    }

    private static int Look(MountLineEnumerator lines)
    {
        (int count, long sink) = (0, 0);
        foreach (MountLine line in lines)
        {
            count++;
            sink += line.Id + line.EscapedMountPoint.Length + line.SuperOptions.Length;
        }

        return sink > 0 ? count : 0;
    }

    private static int DeleteTree(string path)
    {
        using RootDirectory parent = RootDirectory.Open(Path.GetDirectoryName(path)!);
        return parent.DeleteTree(Path.GetFileName(path)) ? 1 : 0;
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} exited with {process.ExitCode}");
    }
}
