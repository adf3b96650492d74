namespace Isolation.Cgroups;

/// <summary>The files of pressure.</summary>
internal static class PressureFiles
{
    public static string Name(PressureResource resource) => resource switch
    {
        PressureResource.Cpu => "cpu.pressure",
        PressureResource.Memory => "memory.pressure",
        PressureResource.IO => "io.pressure",
        PressureResource.Irq => "irq.pressure",
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, "There is no such resource."),
    };
}
