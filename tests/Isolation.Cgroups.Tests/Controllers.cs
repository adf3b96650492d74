using System.Runtime.CompilerServices;
using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>A test that needs controllers of cgroup v2. Where one is missing it is skipped, and says which.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ControllerFactAttribute : FactAttribute
{
    public ControllerFactAttribute(CgroupControllers controllers, Needs needs = Needs.Root, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
        : base(file, line)
    {
        Skip = Machine.Missing(needs) ?? Missing(controllers);
        Timeout = 120_000;
    }

    private static string? Missing(CgroupControllers controllers)
    {
        try
        {
            using Cgroup root = CgroupHierarchy.Find().OpenRoot();
            CgroupControllers missing = controllers & ~root.Controllers;
            return missing == CgroupControllers.None ? null : $"needs the controllers {missing} of cgroup v2";
        }
        catch (LinuxException e)
        {
            return $"needs cgroup v2: {e.Message}";
        }
    }
}
