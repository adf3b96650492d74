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
    /// what is mounted below is told but not entered. A directory that somebody replaces meanwhile is told as what is entered.
    /// </summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR, EACCES, ELOOP. EMFILE: a tree that is deeper than this process can have open files.</exception>
    public IEnumerable<RootEntry> Walk(string path = "/") => WalkWithDirectories(path).Select(w => w.Entry);

    /// <summary>The same, with the directory that each file is in, and its name there.</summary>
    /// <param name="path">Where it begins.</param>
    /// <param name="unreadable">Told the path of each directory that this user may not list (EACCES); without it, that is an error.</param>
    internal IEnumerable<(RootEntry Entry, SafeFileHandle Directory, byte[] Name)> WalkWithDirectories(string path, Action<string>? unreadable = null)
    {
        var stack = new Stack<(SafeFileHandle Directory, string Path, Queue<(RootEntry Entry, byte[] Name)> Left)>();
        SafeFileHandle? entered = null;
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

                // Opened before it is told, so that what is told of it is true of what its files are in.
                if (next.Entry.Status.IsDirectory && TryEnter(top.Directory, next.Name, next.Entry.Path, unreadable) is { } below)
                {
                    entered = below;
                    next.Entry = next.Entry with { Status = FileStatus.Of(below, Show(next.Entry.Path)) };
                }

                yield return (next.Entry, top.Directory, next.Name);
                if (entered is not null)
                    Enter(entered, next.Entry.Path);
                entered = null;
            }
        }
        finally
        {
            entered?.Dispose();
            while (stack.TryPop(out (SafeFileHandle Directory, string, Queue<(RootEntry, byte[])>) open))
                open.Directory.Dispose();
        }

        void Enter(SafeFileHandle directory, string prefix)
        {
            try
            {
                stack.Push((directory, prefix, new(Read(directory, prefix.Length == 0 ? path : prefix, prefix))));
            }
            catch (LinuxException e) when (e.Errno == Errno.EACCES && unreadable is not null && prefix.Length > 0)
            {
                directory.Dispose();
                unreadable(prefix);
            }
            catch
            {
                directory.Dispose();
                throw;
            }
        }
    }

    /// <summary>Opens what has a name in a directory now, no link followed. Null when nothing has it any more.</summary>
    /// <param name="directory">The directory, in this root.</param>
    /// <param name="name">With a NUL at its end.</param>
    /// <param name="flags">O_*.</param>
    /// <param name="path">To tell.</param>
    /// <exception cref="LinuxException">EACCES; ELOOP: it is a link, and O_PATH was not asked for.</exception>
    internal SafeFileHandle? OpenEntry(SafeFileHandle directory, byte[] name, int flags, string path)
    {
        long opened = _resolver.Open((int)directory.DangerousGetHandle(), name, flags | NoFollow);
        if (opened >= 0)
            return new SafeFileHandle((nint)opened, ownsHandle: true);
        return opened == -(long)Errno.ENOENT ? null : throw Failure("open", path, opened, SyscallNumber.OpenAt2.Name);
    }

    /// <summary>Opens a directory by its name, unless something is mounted there, or it has become something else.</summary>
    private SafeFileHandle? TryEnter(SafeFileHandle directory, byte[] name, string path, Action<string>? unreadable)
    {
        long opened = _resolver.Open((int)directory.DangerousGetHandle(), name, OpenDirectory | NoFollow | NoTerminal, sameMount: true);
        if (opened >= 0)
            return new SafeFileHandle((nint)opened, ownsHandle: true);
        if ((Errno)(-opened) == Errno.EACCES && unreadable is not null)
        {
            unreadable(path);
            return null;
        }

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
