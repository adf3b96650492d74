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
        var offsets = new TimeOffsets(monotonic, bootTime);
        Assert.Equal(["monotonic", "boottime", ""], offsets.ToKernelText().Split('\n').Select(l => l.Split(' ')[0]));
        Assert.Equal(offsets, TimeOffsets.Parse(offsets.ToKernelText()));
    }

    [LinuxTheory]
    [InlineData("monotonic           0         0\nboottime            0         0\n", 0L, 0L)]
    [InlineData("boottime -2 500000000\nmonotonic 1 199\n", 10_000_001L, -15_000_000L)]
    [InlineData("monotonic 0 0\nboottime 0 0\nrealtime 5 0\n", 0L, 0L)]
    public void The_text_of_the_kernel_is_read(string text, long monotonic, long bootTime)
        => Assert.Equal(new TimeOffsets(TimeSpan.FromTicks(monotonic), TimeSpan.FromTicks(bootTime)), TimeOffsets.Parse(text));

    [LinuxTheory]
    [InlineData("")]
    [InlineData("monotonic 0 0\n")]
    [InlineData("boottime 0 0\n")]
    [InlineData("monotonic 0\nboottime 0 0\n")]
    [InlineData("monotonic 0 0 0\nboottime 0 0\n")]
    [InlineData("monotonic 0 -1\nboottime 0 0\n")]
    [InlineData("monotonic 0 1000000000\nboottime 0 0\n")]
    [InlineData("monotonic 922337203686 0\nboottime 0 0\n")]
    [InlineData("monotonic many 0\nboottime 0 0\n")]
    public void What_is_no_text_of_the_kernel_is_refused(string text) => Assert.Throws<FormatException>(() => TimeOffsets.Parse(text));

    [Property]
    public void Any_text_is_offsets_or_is_refused(string text, string clock, long seconds, uint nanoseconds)
    {
        foreach (string attempt in (string[])[text ?? "", $"monotonic {seconds} {nanoseconds}\nboottime 0 0\n", $"{clock} {seconds} {nanoseconds}\nmonotonic 0 0\nboottime 0 0"])
        {
            try
            {
                var offsets = TimeOffsets.Parse(attempt);
                Assert.Equal(offsets, TimeOffsets.Parse(offsets.ToKernelText()));
            }
            catch (FormatException)
            {
            }
        }
    }

    [LinuxFact(Needs.Root)]
    public void The_kernel_takes_the_text_and_shows_the_same_offsets() => FreshProcess.Run(WriteToKernel).EnsureSuccess();

    private static void WriteToKernel()
    {
        // unshare(2), CLONE_NEWTIME: the offsets can be set for as long as nobody is in the namespace.
        Sys.Check("make", "a time namespace", SyscallNumber.Unshare, (nint)CloneFlags.NewTime);
        var offsets = new TimeOffsets(TimeSpan.FromMilliseconds(-1500) + TimeSpan.FromDays(3), TimeSpan.FromTicks(12_345_678_901));
        File.WriteAllText("/proc/self/timens_offsets", offsets.ToKernelText());
        Assert.Equal(offsets, TimeOffsets.OfProcess(Environment.ProcessId));
    }
}
