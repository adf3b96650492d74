using System.Runtime.InteropServices;

namespace Isolation.Netlink.Tests;

/// <summary>Memory behind which nothing is: who reads a byte too much dies of it, also where no span watches.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int PageSize = 64 << 10, Size = 2 * PageSize, ReadAndWrite = 3, NoAccess = 0;

    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Size + PageSize, PageSize);

    public GuardedMemory() => Protect(NoAccess);

    /// <summary>Copies bytes to the end of it.</summary>
    public ReadOnlySpan<byte> Place(ReadOnlySpan<byte> bytes)
    {
        var place = new Span<byte>(_memory + Size - bytes.Length, bytes.Length);
        bytes.CopyTo(place);
        return place;
    }

    public void Dispose()
    {
        Protect(ReadAndWrite);
        NativeMemory.AlignedFree(_memory);
    }

    private void Protect(int protection) => Assert.Equal(0, MProtect(_memory + Size, PageSize, protection));

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int MProtect(byte* start, nint length, int protection);
}
