using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs;

/// <summary>The directory that holds an entry, as a descriptor, and the entry's name with a NUL at its end.</summary>
internal readonly ref struct EntryPlace(SafeFileHandle directory, byte[] name, bool isOwned) : IDisposable
{
    public int Directory { get; } = (int)directory.DangerousGetHandle();

    public byte[] Name { get; } = name;

    public void Dispose()
    {
        if (isOwned)
            directory.Dispose();
        else
            directory.DangerousRelease();
    }
}
