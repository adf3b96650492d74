using Isolation.Syscalls;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>The program's nice value: -20 gets the most of the processors, 19 the least (setpriority(2)). Default: the caller's.</summary>
    /// <param name="nice">-20 to 19. A lower value than the caller's needs CAP_SYS_NICE, which a container with <see cref="WithUserNs()"/> has not, or a limit <see cref="LimitedResource.Nice"/> that allows it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the range.</exception>
    public ContainerBuilder WithNice(int nice) => New(_spec with { Process = _spec.Process with { Nice = NiceValue.Check(nice) } });
}
