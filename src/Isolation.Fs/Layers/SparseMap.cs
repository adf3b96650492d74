using System.Globalization;
using System.Text;

namespace Isolation.Fs.Layers;

/// <summary>
/// Where in a file with holes the content of its entry belongs (GNU tar manual, "Storing Sparse Files"): the old format of GNU,
/// and 0.0, 0.1 and 1.0 of pax headers. Bounds first: parts are in order, within the file, and as long as the content.
/// </summary>
internal sealed class SparseMap
{
    private const int OldPart = 24, NumberBytes = 12;

    private readonly List<(long Offset, long Length)> _parts = [];
    private readonly string _name;
    private long _end, _content;

    private SparseMap(long size, string name)
    {
        Size = size >= 0 ? size : throw Malformed(name, "its size is negative");
        _name = name;
    }

    /// <summary>The size of the file, its holes included.</summary>
    public long Size { get; }

    /// <summary>What is no hole.</summary>
    public IReadOnlyList<(long Offset, long Length)> Parts => _parts;

    /// <exception cref="LayerException">The parts together are not as long as the content.</exception>
    public void CheckContent(long size)
    {
        if (_content != size)
            throw Malformed(_name, $"it tells of {_content} bytes, and there are {size}");
    }

    /// <summary>Of GNU's old format: four parts are in the header, more in blocks after it.</summary>
    public static SparseMap ReadOld(ReadOnlySpan<byte> header, TarBlocks blocks, TarEntry entry)
    {
        var map = new SparseMap(TarHeader.Number(header.Slice(483, NumberBytes), entry.Name), entry.Name);
        map.AddOld(header[386..482]);
        bool goesOn = header[482] != 0;
        for (int bytes = 0; goesOn; bytes += TarBlocks.Size)
        {
            ReadOnlySpan<byte> block = ReadBlock(blocks, bytes, entry.Name);
            map.AddOld(block[..504]);
            goesOn = block[504] != 0;
        }

        return map;
    }

    /// <summary>Of the records of a pax header, which also have the file's name; with 1.0 the map is before the content.</summary>
    public static SparseMap ReadPax(IReadOnlyList<(string Key, byte[] Value)> records, TarBlocks blocks, TarEntry entry)
    {
        if (Find("name") is { } name)
            entry.Name = PaxRecords.Name(name);
        var map = new SparseMap(PaxRecords.Number(Find("realsize") ?? Find("size") ?? throw Malformed(entry.Name, "its size is not told")), entry.Name);
        if (Find("major") is { } major)
        {
            if (PaxRecords.Number(major) != 1 || PaxRecords.Number(Find("minor") ?? []) != 0)
                throw new LayerException(LayerFault.Unsupported, entry.Name, "It is a sparse file of an unknown version");
            map.ReadBeforeContent(blocks, entry);
        }
        else if (Find("map") is { } list)
        {
            map.AddAll([.. Encoding.Latin1.GetString(list).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => PaxRecords.Number(Encoding.Latin1.GetBytes(n)))]);
        }
        else
        {
            map.AddAll([.. records.Where(r => r.Key is "offset" or "numbytes").Select(r => PaxRecords.Number(r.Value))]);
        }

        return map;

        byte[]? Find(string key) => records.LastOrDefault(r => r.Key == key).Value;
    }

    private void AddOld(ReadOnlySpan<byte> parts)
    {
        for (; parts.Length > 0 && parts[NumberBytes] != 0; parts = parts[OldPart..])
            Add(TarHeader.Number(parts[..NumberBytes], _name), TarHeader.Number(parts[NumberBytes..OldPart], _name));
    }

    private void AddAll(long[] numbers)
    {
        if (numbers.Length % 2 != 0)
            throw Malformed(_name, "a part of it has no length");
        for (int i = 0; i < numbers.Length; i += 2)
            Add(numbers[i], numbers[i + 1]);
    }

    // Decimal numbers, a line each: how many parts there are, and then of each where it begins and how long it is.
    private void ReadBeforeContent(TarBlocks blocks, TarEntry entry)
    {
        var numbers = new List<long>();
        var line = new StringBuilder();
        for (int bytes = 0; numbers.Count == 0 || numbers.Count - 1 < numbers[0] * 2; bytes += TarBlocks.Size)
        {
            if (entry.Size < TarBlocks.Size)
                throw Malformed(_name, "the map is longer than the content");
            entry.Size -= TarBlocks.Size;
            foreach (byte b in ReadBlock(blocks, bytes, _name))
            {
                if (b != '\n')
                {
                    line.Append((char)b);
                    continue;
                }

                if (!long.TryParse(line.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) || (numbers.Count == 0 && number > PathLimits.MaxExtendedHeader))
                    throw Malformed(_name, "a number of it is none");
                numbers.Add(number);
                line.Clear();
                if (numbers.Count - 1 == numbers[0] * 2)
                    break;
            }
        }

        AddAll([.. numbers[1..]]);
    }

    private void Add(long offset, long length)
    {
        if (offset < _end || length < 0 || length > Size - offset)
            throw Malformed(_name, "a part of it is not behind the one before, or not in the file");
        _end = offset + length;
        _content += length;
        if (length > 0)
            _parts.Add((offset, length));
    }

    private static ReadOnlySpan<byte> ReadBlock(TarBlocks blocks, int before, string name)
    {
        if (before >= PathLimits.MaxExtendedHeader)
            throw new LayerException(LayerFault.TooLarge, name, $"The map of the sparse file has more than {PathLimits.MaxExtendedHeader} bytes");
        ReadOnlySpan<byte> block = blocks.ReadBlock();
        return block.Length > 0 ? block : throw Malformed(name, "the archive ends within it");
    }

    private static LayerException Malformed(string name, string why) => new(LayerFault.Malformed, name, $"The map of the sparse file is wrong: {why}");
}
