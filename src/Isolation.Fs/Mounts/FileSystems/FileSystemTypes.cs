namespace Isolation.Fs;

/// <summary>What the kernel can mount (proc_filesystems(5)).</summary>
internal static class FileSystemTypes
{
    /// <summary>Whether it knows a type now; a module that is not loaded it does not know yet.</summary>
    public static bool Has(string type)
    {
        try
        {
            return File.ReadLines("/proc/filesystems").Any(l => l.AsSpan(l.LastIndexOf('\t') + 1).SequenceEqual(type));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
