using System.Buffers.Binary;
using Isolation.Fs.Interop;
using Isolation.Syscalls.Interop;

namespace Isolation.Fs;

/// <summary>Reads the names in a directory as bytes (getdents64(2)).</summary>
internal static unsafe class DirectoryListing
{
    /// <summary>Where the parts of struct linux_dirent64 are.</summary>
    private const int LengthAt = 16, TypeAt = 18, NameAt = 19;

    /// <summary>Reads what is left of an open directory.</summary>
    /// <param name="directory">Open for reading.</param>
    /// <param name="entries">Names with a NUL at their end, without <c>.</c> and <c>..</c>, and types as far as the file system tells.</param>
    /// <returns>0, or a negative errno.</returns>
    public static long Read(int directory, List<(byte[] Name, FileKind Kind)> entries)
    {
        byte[] buffer = new byte[32 << 10];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                long length = Sys.Call(FileCalls.GetDents64, directory, (nint)start, buffer.Length);
                if (length <= 0)
                    return length;
                for (int at = 0; at < length;)
                {
                    int next = at + BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + LengthAt));
                    ReadOnlySpan<byte> name = buffer.AsSpan((at + NameAt)..next);
                    name = name[..(name.IndexOf((byte)0) + 1)];
                    if (name is not [(byte)'.', 0] and not [(byte)'.', (byte)'.', 0])
                        entries.Add((name.ToArray(), FileStatus.KindOf(buffer[at + TypeAt] << 12)));
                    at = next;
                }
            }
        }
    }
}
