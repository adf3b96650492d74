namespace Isolation.Fs.Interop;

/// <summary>open(2), rename(2), unlink(2), xattr(7), statx(2), statfs(2): the values that x64 and arm64 share.</summary>
internal static class PathConstants
{
    public const int WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, NoTerminal = 0x100, Truncate = 0x200, Append = 0x400, NonBlocking = 0x800;
    public const int RenameNoReplace = 1, RenameExchange = 2;
    public const int AtRemoveDir = 0x200;
    public const int StatxBasicStats = 0x7ff, StatxMountId = 0x1000;
    public const int TypeMask = 0xf000, TypeFifo = 0x1000, TypeCharacter = 0x2000, TypeDirectory = 0x4000, TypeBlock = 0x6000, TypeRegular = 0x8000, TypeLink = 0xa000, TypeSocket = 0xc000;
    public const long ProcSuperMagic = 0x9fa0;
    public const int MaxPath = 4096, MaxLinks = 40, MaxName = 255;
}
