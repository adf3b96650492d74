using System.Collections.Immutable;

namespace Isolation.Namespaces;

public abstract partial class Namespace
{
    /// <summary>
    /// Finds the namespaces of the machine, as lsns(8) does: those of processes, those that are mounted on files, and the user
    /// and pid namespaces above them. Not found are those that only a thread, a descriptor or a socket keeps.
    /// </summary>
    /// <param name="kinds">Of which kinds.</param>
    /// <returns>Sorted by kind, then by number. Processes that end meanwhile, or that the caller may not look into, are left out.</returns>
    public static ImmutableArray<NamespaceInfo> List(NamespaceKinds kinds = NamespaceKinds.All)
    {
        var scan = new NamespaceScan(kinds);
        scan.AddProcesses();
        scan.AddMounts();
        return scan.ToInfo();
    }
}
