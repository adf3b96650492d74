using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Fs.Tests;

/// <summary>In a fresh process: a mount namespace of its own for the thread, and a tmpfs in it to work on.</summary>
internal static class PrivateMounts
{
    private const int NewMountNamespace = 0x20000;

    /// <summary>The folder that the tmpfs is mounted on, in the new namespace only.</summary>
    public const string Folder = "/mnt";

    public static string Enter(bool isMade = false)
    {
        if (!isMade)
            Sys.Check("make", "a mount namespace", SyscallNumber.Unshare, NewMountNamespace);
        Command.Run("true").EnsureSuccess();
        AttachedMount.SetPropagation("/", MountPropagation.Private, recursive: true);
        FileSystemMount.Mount(new TmpfsOptions { Source = "work" }, Folder);
        return Folder;
    }

    public static string Make(string name)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(path);
        return path;
    }

    public static MountTableEntry At(string path) => MountTable.Read().Last(m => m.MountPoint == path);

    public static bool IsMounted(string path) => MountTable.Read().Any(m => m.MountPoint == path);

    /// <summary>What was mounted in here, without what the way it was mounted may change.</summary>
    public static void Print()
    {
        foreach (MountTableEntry mount in MountTable.Read().Where(m => m.MountPoint.StartsWith(Folder, StringComparison.Ordinal)).OrderBy(m => m.MountPoint, StringComparer.Ordinal))
            Console.WriteLine($"{mount.MountPoint} {mount.Root} {mount.Options} {mount.FileSystem} {mount.Source} {mount.Propagation}");
    }

    /// <summary>Runs it in a process of its own, below a program such as strace.</summary>
    public static CommandResult Run(string[] prefix, Delegate method, params string[] arguments)
    {
        CommandResult result = FreshProcess.Run(prefix, method, arguments);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result;
    }

    public static CommandResult Run(Delegate method, params string[] arguments) => Run([], method, arguments);
}
