namespace Isolation.Tests;

/// <summary>Programs in C that tests run inside containers: static, since a root may have no C library.</summary>
internal static class CFile
{
    public static void Compile(string program, string source)
    {
        string file = program + ".c";
        File.WriteAllText(file, source);
        Command.Run("gcc", "-O1", "-static", "-D_GNU_SOURCE", "-o", program, file).EnsureSuccess();
        File.Delete(file);
    }
}
