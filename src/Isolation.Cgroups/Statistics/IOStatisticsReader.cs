using System.Buffers.Text;
using Isolation.Cgroups.Files;

namespace Isolation.Cgroups;

/// <summary>Goes over <c>io.stat</c> with <c>foreach</c>, without allocation. Only until the next read of the same <see cref="CgroupStatistics"/>.</summary>
public ref struct IOStatisticsReader
{
    private ReadOnlySpan<byte> _rest;

    internal IOStatisticsReader(ReadOnlySpan<byte> text) => _rest = text;

    /// <summary>The device that was last moved to.</summary>
    public IOStatistics Current { get; private set; }

    /// <summary>Itself.</summary>
    public readonly IOStatisticsReader GetEnumerator() => this;

    /// <summary>Moves to the next device; false when there is none.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            int end = _rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? [] : _rest[(end + 1)..];
            if (TryRead(line, out IOStatistics statistics))
            {
                Current = statistics;
                return true;
            }
        }

        return false;
    }

    // A device that nothing was done to may have no pairs, and some kernels leave its line unfinished.
    private static bool TryRead(ReadOnlySpan<byte> line, out IOStatistics statistics)
    {
        statistics = default;
        int colon = line.IndexOf((byte)':'), space = line.IndexOf((byte)' ');
        if (colon <= 0 || space < colon || !Utf8Parser.TryParse(line[..colon], out int major, out _) || !Utf8Parser.TryParse(line[(colon + 1)..space], out int minor, out _))
            return false;
        long readBytes = 0, writtenBytes = 0, reads = 0, writes = 0, discardedBytes = 0, discards = 0;
        ReadOnlySpan<byte> rest = line[(space + 1)..];
        while (!rest.IsEmpty)
        {
            int next = rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> pair = next < 0 ? rest : rest[..next];
            rest = next < 0 ? [] : rest[(next + 1)..];
            int equals = pair.IndexOf((byte)'=');
            if (equals <= 0)
                continue;
            long value = FlatKeyed.Number(pair[(equals + 1)..]);
            ReadOnlySpan<byte> key = pair[..equals];
            if (key.SequenceEqual("rbytes"u8))
                readBytes = value;
            else if (key.SequenceEqual("wbytes"u8))
                writtenBytes = value;
            else if (key.SequenceEqual("rios"u8))
                reads = value;
            else if (key.SequenceEqual("wios"u8))
                writes = value;
            else if (key.SequenceEqual("dbytes"u8))
                discardedBytes = value;
            else if (key.SequenceEqual("dios"u8))
                discards = value;
        }

        statistics = new IOStatistics(new BlockDevice(major, minor), readBytes, writtenBytes, reads, writes, discardedBytes, discards);
        return true;
    }
}
