using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The kernel's units of traffic control, and the checks of what becomes one.</summary>
internal static class TrafficUnits
{
    /// <summary>
    /// The packet scheduler's tick. /proc/net/psched tells it as its second number, 0x40; it has been PSCHED_SHIFT 6 of
    /// include/net/pkt_sched.h, so 64 ns, since Linux 2.6.31 on every architecture.
    /// </summary>
    private const int NanosecondsPerTick = 64;

    private const int NanosecondsPerMicrosecond = 1000;

    /// <summary>A share of 1 as a share of 2^32 - 1.</summary>
    public static uint ToProbability(double probability, string what)
        => probability is >= 0 and <= 1
            ? (uint)Math.Round(probability * uint.MaxValue)
            : throw new ArgumentException($"{what} is a share from 0 to 1, not {probability}.");

    /// <summary>The shortest decimal that stands for the kernel's number: what was 0.01 is 0.01 again.</summary>
    public static double FromProbability(uint probability)
    {
        double exact = (double)probability / uint.MaxValue;
        for (int digits = 0; digits < 12; digits++)
        {
            double rounded = Math.Round(exact, digits);
            if ((uint)Math.Round(rounded * uint.MaxValue) == probability)
                return rounded;
        }

        return exact;
    }

    public static long ToNanoseconds(TimeSpan time, string what, long most = long.MaxValue)
        => time >= TimeSpan.Zero && time.Ticks <= most / TimeSpan.NanosecondsPerTick
            ? time.Ticks * TimeSpan.NanosecondsPerTick
            : throw new ArgumentException($"{what} is out of range: {time}.");

    public static TimeSpan FromNanoseconds(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    public static uint? ToMicroseconds(TimeSpan? time, string what)
        => time is { } value ? (uint)(ToNanoseconds(value, what, uint.MaxValue * (long)NanosecondsPerMicrosecond) / NanosecondsPerMicrosecond) : null;

    public static TimeSpan FromMicroseconds(uint microseconds) => TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Nanoseconds as ticks, as many as fit into 32 bits, and whether that is all of them.</summary>
    public static uint ToTicks(long nanoseconds, out bool isExact)
    {
        long ticks = nanoseconds / NanosecondsPerTick;
        isExact = ticks <= uint.MaxValue && nanoseconds % NanosecondsPerTick == 0;
        return (uint)Math.Min(ticks, uint.MaxValue);
    }

    public static long FromTicks(long ticks) => ticks * NanosecondsPerTick;

    /// <summary>The ticks that some bytes take at a rate.</summary>
    public static uint ToTicks(DataRate rate, long bytes, string what)
    {
        Int128 scale = (Int128)rate.BytesPerSecond * NanosecondsPerTick;
        Int128 ticks = ((Int128)bytes * 1_000_000_000 + scale - 1) / scale;
        return ticks <= uint.MaxValue ? (uint)ticks : throw new ArgumentException($"{what} of {bytes} bytes is too large for {rate}: it would take longer than 274 s.");
    }

    /// <summary>The bytes that a rate has in some ticks, to the nearest one.</summary>
    public static long FromTicks(DataRate rate, long ticks) => ToBytes(rate, FromTicks(ticks));

    /// <summary>The same for what the kernel keeps in nanoseconds and tells in whole ticks: the middle of the last one, so that what is listed and added again is listed the same.</summary>
    public static long FromCutTicks(DataRate rate, long ticks) => ToBytes(rate, FromTicks(ticks) + NanosecondsPerTick / 2);

    private static long ToBytes(DataRate rate, long nanoseconds)
    {
        Int128 bytes = ((Int128)nanoseconds * rate.BytesPerSecond + 500_000_000) / 1_000_000_000;
        return bytes <= long.MaxValue ? (long)bytes : long.MaxValue;
    }

    /// <exception cref="ArgumentException">It is no rate.</exception>
    public static DataRate Check(DataRate rate, string what)
        => rate.BytesPerSecond > 0 ? rate : throw new ArgumentException($"{what} is not positive: {rate.BytesPerSecond} bytes a second.");

    /// <exception cref="ArgumentException">It is not from 1 to 2^32 - 1.</exception>
    public static uint Check(long value, string what, long least = 1)
        => value >= least && value <= uint.MaxValue ? (uint)value : throw new ArgumentException($"{what} is out of range: {value}.");

    public static uint? Check(long? value, string what, long least = 1) => value is { } known ? Check(known, what, least) : null;

    /// <summary>A rate of the kernel. What needs more than 32 bits is told in another attribute too.</summary>
    /// <remarks>
    /// The link layer is said to be Ethernet: then the kernel needs no table of transmission times (TCA_TBF_RTAB, TCA_HTB_RTAB),
    /// by which it would otherwise guess it (__detect_linklayer), and it has computed such times itself since Linux 3.8.
    /// </remarks>
    public static RateData ToRate(DataRate rate, ushort overhead = 0, ushort minimumPacket = 0) => new()
    {
        linklayer = TrafficConstants.TC_LINKLAYER_ETHERNET,
        overhead = overhead,
        mpu = minimumPacket,
        rate = (uint)Math.Min(rate.BytesPerSecond, uint.MaxValue),
    };

    /// <summary>A rate of 64 bits, where the one of 32 is not enough.</summary>
    public static void WriteLarge<T>(MessageWriter writer, T type, DataRate rate)
        where T : unmanaged, Enum
    {
        if (rate.BytesPerSecond > uint.MaxValue)
            writer.Write(type, rate.BytesPerSecond);
    }

    /// <summary>The rate of a pair: that of 64 bits, if there is one.</summary>
    public static DataRate FromRate(RateData rate, long large) => new(large > 0 ? large : rate.rate);
}
