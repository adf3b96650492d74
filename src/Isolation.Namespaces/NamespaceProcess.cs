using System.Globalization;

namespace Isolation.Namespaces;

/// <summary>A process in a namespace.</summary>
/// <param name="Id">The process id.</param>
/// <param name="ParentId">The parent's process id; 0 when the caller does not see it.</param>
/// <param name="UserId">Whose it is: the effective user.</param>
/// <param name="Command">The command line, its arguments apart by blanks; the program's name in brackets when it has none.</param>
public sealed record NamespaceProcess(int Id, int ParentId, uint UserId, string Command)
{
    /// <summary>Reads one of /proc; null when it has ended, or is not the caller's to read.</summary>
    internal static NamespaceProcess? TryRead(int id)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
        try
        {
            // proc_pid_status(5): "Uid:" has the real, effective, saved and file system user.
            ILookup<string, string[]> status = File.ReadLines($"{folder}/status").Select(l => l.Split('\t')).ToLookup(f => f[0]);
            string[] name = status["Name:"].First(), parent = status["PPid:"].First(), user = status["Uid:"].First();
            string arguments = File.ReadAllText($"{folder}/cmdline").TrimEnd('\0').Replace('\0', ' ');
            return new NamespaceProcess(
                id,
                int.Parse(parent[1], CultureInfo.InvariantCulture),
                uint.Parse(user[2], CultureInfo.InvariantCulture),
                arguments.Length > 0 ? arguments : $"[{string.Join('\t', name[1..])}]");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
