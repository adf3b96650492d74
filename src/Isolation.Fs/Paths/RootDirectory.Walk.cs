using System.Collections.Immutable;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;
using static Isolation.Fs.Interop.MountConstants;
using static Isolation.Fs.Interop.PathConstants;

namespace Isolation.Fs;

/// <content>Listings and walks of directories.</content>
public sealed partial class RootDirectory
{
    /// <summary>The files in a directory, in ordinal order of their names. What is deleted meanwhile is left out.</summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES, ELOOP.</exception>
    public ImmutableArray<RootEntry> List(string path = "/")
    {
        using SafeFileHandle directory = OpenIn("list", path, OpenDirectory | NoTerminal);
        return [.. Read(directory, path, "").Select(e => e.Entry)];
    }

    /// <summary>
    /// All files below a directory, each before what is in it, in ordinal order of their names. Links are not followed, and
    /// what is mounted below is told but not entered. A directory that somebody replaces meanwhile is entered as what it is then, in the root.
    /// </summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES, ELOOP. EMFILE: a tree that is deeper than this process can have open files.</exception>
    public IEnumerable<RootEntry> Walk(string path = "/") => WalkWithDirectories(path).Select(w => w.Entry);

    /// <summary>The same, with the directory that each file is in, and its name there.</summary>
    internal IEnumerable<(RootEntry Entry, SafeFileHandle Directory, byte[] Name)> WalkWithDirectories(string path)
    {
        var stack = new Stack<(SafeFileHandle Directory, string Path, Queue<(RootEntry Entry, byte[] Name)> Left)>();
        try
        {
            Enter(OpenIn("walk", path, OpenDirectory | NoTerminal), "");
            while (stack.TryPeek(out (SafeFileHandle Directory, string Path, Queue<(RootEntry Entry, byte[] Name)> Left) top))
            {
                if (!top.Left.TryDequeue(out (RootEntry Entry, byte[] Name) next))
                {
                    stack.Pop().Directory.Dispose();
                    continue;
                }

                yield return (next.Entry, top.Directory, next.Name);
                if (next.Entry.Status.IsDirectory && TryEnter(top.Directory, next.Name, next.Entry.Path) is { } below)
                    Enter(below, next.Entry.Path);
            }
        }
        finally
        {
            while (stack.TryPop(out (SafeFileHandle Directory, string, Queue<(RootEntry, byte[])>) open))
                open.Directory.Dispose();
        }

        void Enter(SafeFileHandle directory, string prefix)
        {
            try
            {
                stack.Push((directory, prefix, new(Read(directory, prefix.Length == 0 ? path : prefix, prefix))));
            }
            catch
            {
                directory.Dispose();
                throw;
            }
        }
    }

    /// <summary>Opens a directory by its name, unless something is mounted there, or it has become something else.</summary>
    private SafeFileHandle? TryEnter(SafeFileHandle directory, byte[] name, string path)
    {
        long opened = _resolver.Open((int)directory.DangerousGetHandle(), name, OpenDirectory | NoFollow | NoTerminal, sameMount: true);
        if (opened >= 0)
            return new SafeFileHandle((nint)opened, ownsHandle: true);
        return (Errno)(-opened) is Errno.EXDEV or Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP ? null : throw Failure("walk", path, opened, SyscallNumber.OpenAt2.Name);
    }

    private List<(RootEntry Entry, byte[] Name)> Read(SafeFileHandle directory, string path, string prefix)
    {
        var names = new List<(byte[] Name, FileKind Kind)>();
        int descriptor = (int)directory.DangerousGetHandle();
        long result = DirectoryListing.Read(descriptor, names);
        if (result < 0)
            throw Failure("list", path, result, Interop.FileCalls.GetDents64.Name);
        var entries = new List<(RootEntry Entry, byte[] Name)>(names.Count);
        foreach ((byte[] name, _) in names.OrderBy(n => n.Name, ByteOrder.Instance))
        {
            result = FileStatus.TryRead(descriptor, name, out FileStatus status);
            string text = PathText.Decode(name.AsSpan(..^1));
            if (result == 0)
                entries.Add((new RootEntry(prefix.Length == 0 ? text : $"{prefix}/{text}", status), name));
            else if (result != -(long)Errno.ENOENT)
                throw Failure("look at", $"{path}/{text}", result, SyscallNumber.Statx.Name);
        }

        return entries;
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static ByteOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
