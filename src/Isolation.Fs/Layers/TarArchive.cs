namespace Isolation.Fs.Layers;

/// <summary>
/// The entries of a tar archive: old, ustar, pax and GNU, sparse files included. System.Formats.Tar is not used: it makes
/// text of what is none (file capabilities, names that are not UTF-8), and takes the lengths of extended headers on trust.
/// </summary>
internal sealed class TarArchive(TarBlocks blocks, LayerLimits limits)
{
    /// <summary>Headers an entry, at the most: long name, long link, extended header, and its own.</summary>
    private const int MaxHeadersEach = 4;

    private long _content, _headers, _metadata;

    /// <summary>The entries so far, without the headers that precede them.</summary>
    public int Entries { get; private set; }

    /// <summary>The contents so far, in bytes.</summary>
    public long Bytes => _content;

    /// <summary>The next entry; its content comes next. Null at the end.</summary>
    /// <exception cref="LayerException">The archive is malformed, holds too much, or a kind of entry that is not supported.</exception>
    public TarEntry? ReadEntry()
    {
        byte[]? extended = null;
        string? longName = null, longLink = null;
        while (true)
        {
            ReadOnlySpan<byte> block = blocks.ReadBlock();
            if (block.Length == 0 || IsZero(block))
                return End(block.Length == 0, extended is not null || longName is not null || longLink is not null);
            if (++_headers > (long)limits.MaxEntries * MaxHeadersEach)
                throw TooMany();
            TarEntry entry = TarHeader.Parse(block);
            switch (entry.Type)
            {
                case TarHeader.Extended:
                    extended = ReadExtended(entry);
                    continue;
                case TarHeader.Global:
                    // Of archives of git, for example. What it could set for all entries, each tells itself.
                    ReadExtended(entry);
                    continue;
                case TarHeader.GnuLongName:
                    longName = Text(ReadExtended(entry));
                    continue;
                case TarHeader.GnuLongLink:
                    longLink = Text(ReadExtended(entry));
                    continue;
                case TarHeader.GnuSparse:
                    entry.Type = TarEntry.Regular;
                    entry.Sparse = SparseMap.ReadOld(block, blocks, entry);
                    break;
            }

            if (++Entries > limits.MaxEntries)
                throw TooMany();
            entry.Name = longName ?? entry.Name;
            entry.LinkName = longLink ?? entry.LinkName;
            if (extended is not null)
                PaxRecords.Apply(extended, entry);
            Check(entry);
            return entry;
        }
    }

    /// <summary>
    /// What follows the content up to the next block. It may be cut off where the archive ends: umoci-insert(1) writes
    /// archives like that, and Go's archive/tar, with which engines read them, takes that for the end.
    /// </summary>
    public void SkipPadding(long size) => blocks.SkipUpToEnd(-size & (TarBlocks.Size - 1));

    private void Check(TarEntry entry)
    {
        if (entry.Type == TarHeader.Contiguous)
            entry.Type = TarEntry.Regular;

        // tar(5): old archives tell a directory by the slash at its end.
        if (entry.Type == TarEntry.Regular && entry.Name.EndsWith('/'))
            entry.Type = TarEntry.Directory;
        if (entry.Type is < TarEntry.Regular or > TarEntry.Fifo)
            throw new LayerException(LayerFault.Unsupported, entry.Name, $"Entries of type '{entry.Type}' are not supported");
        if (entry.Size < 0)
            throw new LayerException(LayerFault.Malformed, entry.Name, "Its size is negative");

        // Only files have content; for others the field tells something else, or nothing.
        if (entry.Type != TarEntry.Regular)
            (entry.Size, entry.Sparse) = (0, null);
        else if (entry.SparseRecords is not null)
            entry.Sparse = SparseMap.ReadPax(entry.SparseRecords, blocks, entry);
        entry.Sparse?.CheckContent(entry.Size);

        // Holes count: who reads the file, or copies it, has them all.
        long size = entry.Sparse?.Size ?? entry.Size;
        if (size > limits.MaxBytes - _content)
            throw new LayerException(LayerFault.TooLarge, entry.Name, $"The files of the archive have more than {limits.MaxBytes} bytes");
        _content += size;
    }

    /// <summary>Counts what is kept of an archive, or read, besides contents.</summary>
    /// <exception cref="LayerException">It is too much.</exception>
    public void CountMetadata(long bytes)
    {
        if ((_metadata += bytes) > limits.MaxMetadataBytes)
            throw new LayerException(LayerFault.TooLarge, null, $"The names and extended headers of the archive have more than {limits.MaxMetadataBytes} bytes");
    }

    private LayerException TooMany() => new(LayerFault.TooLarge, null, $"The archive has more than {limits.MaxEntries} entries");

    private byte[] ReadExtended(TarEntry header)
    {
        if (header.Size is < 0 or > PathLimits.MaxExtendedHeader)
            throw new LayerException(LayerFault.TooLarge, null, $"An extended header has {header.Size} bytes, and may have {PathLimits.MaxExtendedHeader}");
        CountMetadata(header.Size);
        byte[] bytes = blocks.ReadAll((int)header.Size);
        SkipPadding(header.Size);
        return bytes;
    }

    private static string Text(byte[] bytes)
    {
        int end = bytes.AsSpan().IndexOf((byte)0);
        return PathText.Decode(end < 0 ? bytes : bytes.AsSpan(..end));
    }

    // pax(1): two blocks of zeros. Some writers leave them out.
    private TarEntry? End(bool isEndOfFile, bool isPending)
    {
        if (isPending)
            throw new LayerException(LayerFault.Malformed, null, "The archive ends after an extended header");
        if (isEndOfFile)
            return null;
        ReadOnlySpan<byte> second = blocks.ReadBlock();
        return second.Length == 0 || IsZero(second) ? null : throw new LayerException(LayerFault.Malformed, null, "A lone block of zeros is within the archive");
    }

    private static bool IsZero(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);
}
