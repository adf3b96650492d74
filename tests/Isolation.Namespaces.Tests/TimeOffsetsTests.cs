using System.Globalization;
using FsCheck.Xunit;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces.Tests;

/// <summary>The offsets of a time namespace, as the kernel reads them (time_namespaces(7)).</summary>
public sealed class TimeOffsetsTests
{
    [LinuxFact]
    public void No_difference_is_all_zeros() => Assert.Equal("monotonic 0 0\nboottime 0 0\n", TimeOffsets.Zero.ToKernelText());

    [LinuxTheory]
    [InlineData(1L, "0 100")]
    [InlineData(-1L, "-1 999999900")]
    [InlineData(10_000_000L, "1 0")]
    [InlineData(-10_000_000L, "-1 0")]
    [InlineData(15_000_000L, "1 500000000")]
    [InlineData(-15_000_000L, "-2 500000000")]
    [InlineData(long.MaxValue, "922337203685 477580700")]
    [InlineData(long.MinValue, "-922337203686 522419200")]
    public void Nanoseconds_are_never_negative(long ticks, string text)
        => Assert.Equal($"monotonic {text}\nboottime 0 0\n", new TimeOffsets(TimeSpan.FromTicks(ticks), TimeSpan.Zero).ToKernelText());

    [Property(MaxTest = 1000)]
    public void Any_offsets_come_back_from_their_text(TimeSpan monotonic, TimeSpan bootTime)
    {
        string[] lines = new TimeOffsets(monotonic, bootTime).ToKernelText().Split('\n');
        Assert.Equal(["monotonic", "boottime", ""], lines.Select(l => l.Split(' ')[0]));
        Assert.Equal(monotonic, Parse(lines[0]));
        Assert.Equal(bootTime, Parse(lines[1]));
    }

    [LinuxFact(Needs.Root)]
    public void The_kernel_takes_the_text_and_shows_the_same_offsets() => FreshProcess.Run(WriteToKernel).EnsureSuccess();

    private static void WriteToKernel()
    {
        // unshare(2), CLONE_NEWTIME: the offsets can be set for as long as nobody is in the namespace.
        Sys.Check("make", "a time namespace", SyscallNumber.Unshare, (nint)CloneFlags.NewTime);
        var offsets = new TimeOffsets(TimeSpan.FromMilliseconds(-1500) + TimeSpan.FromDays(3), TimeSpan.FromTicks(12_345_678_901));
        File.WriteAllText("/proc/self/timens_offsets", offsets.ToKernelText());
        string[] shown = File.ReadAllLines("/proc/self/timens_offsets");
        Assert.Equal(offsets.Monotonic, Parse(shown[0]));
        Assert.Equal(offsets.BootTime, Parse(shown[1]));
    }

    private static TimeSpan Parse(string line)
    {
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Int128 seconds = Int128.Parse(fields[1], CultureInfo.InvariantCulture);
        long nanoseconds = long.Parse(fields[2], CultureInfo.InvariantCulture);
        Assert.InRange(nanoseconds, 0, 999_999_999);
        return TimeSpan.FromTicks((long)((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / TimeSpan.NanosecondsPerTick)));
    }
}
