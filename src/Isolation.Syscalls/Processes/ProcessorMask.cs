namespace Isolation.Syscalls;

/// <summary>Sets of processors as sched_setaffinity(2) takes them: a bit for each, in longs.</summary>
internal static class ProcessorMask
{
    /// <summary>As many processors as the largest kernels are built for, and more.</summary>
    public const int Most = 1 << 16;

    /// <summary>The numbers, in order.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is negative, or larger than any kernel knows.</exception>
    public static int[] Check(IEnumerable<int> processors)
    {
        ArgumentNullException.ThrowIfNull(processors);
        int[] numbers = [.. processors.Distinct().Order()];
        if (numbers.Length == 0)
            throw new ArgumentException("A process runs on one processor at least.", nameof(processors));
        if (numbers[0] < 0 || numbers[^1] >= Most)
            throw new ArgumentOutOfRangeException(nameof(processors), numbers[0] < 0 ? numbers[0] : numbers[^1], $"Processors are numbered from 0 to {Most - 1}.");
        return numbers;
    }

    public static byte[] ToKernel(ReadOnlySpan<int> processors)
    {
        byte[] mask = new byte[((processors[^1] / 64) + 1) * sizeof(ulong)];
        foreach (int processor in processors)
            mask[processor / 8] |= (byte)(1 << (processor % 8));
        return mask;
    }

    public static int[] OfKernel(ReadOnlySpan<byte> mask)
    {
        var processors = new List<int>();
        for (int i = 0; i < mask.Length * 8; i++)
        {
            if ((mask[i / 8] & (1 << (i % 8))) != 0)
                processors.Add(i);
        }

        return [.. processors];
    }
}
