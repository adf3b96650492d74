using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Matches packets by words of 32 bits at fixed offsets (tc-u32(8)). Of its hash tables it uses the one that the kernel makes.</summary>
/// <param name="Keys">The words, which must all match: up to 128. <see cref="U32Key"/> makes those of the usual headers.</param>
public sealed record U32Filter(params ImmutableArray<U32Key> Keys) : TrafficFilterKind(KindName)
{
    internal const string KindName = "u32";

    private const int MostKeys = 128;

    /// <summary>The handle of a filter: its hash table, the bucket in it, and the filter in that, such as 0x800, 0 and 1.</summary>
    /// <param name="table">The hash table: 0 to 0xfff; the kernel makes 0x800 first.</param>
    /// <param name="bucket">The bucket: 0 to 0xff.</param>
    /// <param name="node">The filter: 0 to 0xfff.</param>
    public static long MakeHandle(int table, int bucket, int node)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)table, 0xFFFu, nameof(table));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bucket, 0xFFu, nameof(bucket));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)node, 0xFFFu, nameof(node));
        return ((long)table << 20) | (long)bucket << 12 | (long)node;
    }

    /// <summary>Compares all properties, the keys one by one.</summary>
    public bool Equals(U32Filter? other) => base.Equals(other) && Keys.SequenceEqual(other.Keys);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Keys.Length);

    /// <summary>Whether a handle is that of a hash table.</summary>
    internal static bool IsTable(uint handle) => (handle & 0xFFFFF) == 0;

    internal static U32Filter ReadOptions(AttributeReader attributes)
    {
        var filter = new U32Filter();
        foreach (Wire.Attribute attribute in attributes)
        {
            filter = (U32Attribute)attribute.Type switch
            {
                U32Attribute.TCA_U32_CLASSID => filter with { ClassId = new TrafficHandle(attribute.Number<uint>()) },
                U32Attribute.TCA_U32_ACT => filter with { Actions = ReadActions(attribute.Attributes) },
                U32Attribute.TCA_U32_FLAGS => filter with { Flags = (TrafficFilterFlags)attribute.Number<uint>() },
                U32Attribute.TCA_U32_SEL => filter with { Keys = ReadKeys(attribute.Value) },
                _ => filter,
            };
        }

        return filter;
    }

    internal override void WriteOptions(MessageWriter writer, EtherType protocol)
    {
        if (Keys.IsDefaultOrEmpty || Keys.Length > MostKeys)
            throw new ArgumentException($"There are 1 to {MostKeys} keys.");
        Span<byte> selector = stackalloc byte[Unsafe.SizeOf<U32SelectorData>() + Keys.Length * Unsafe.SizeOf<U32KeyData>()];
        MemoryMarshal.Write(selector, new U32SelectorData { flags = U32Constants.TC_U32_TERMINAL, nkeys = (byte)Keys.Length });
        Span<U32KeyData> keys = MemoryMarshal.Cast<byte, U32KeyData>(selector[Unsafe.SizeOf<U32SelectorData>()..]);
        for (int i = 0; i < keys.Length; i++)
            keys[i] = Keys[i].ToData();
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
        {
            writer.WriteBytes(U32Attribute.TCA_U32_SEL, selector);
            WriteShared(writer, U32Attribute.TCA_U32_CLASSID, U32Attribute.TCA_U32_ACT, U32Attribute.TCA_U32_FLAGS);
        }
    }

    private static ImmutableArray<U32Key> ReadKeys(ReadOnlySpan<byte> selector)
    {
        int size = Unsafe.SizeOf<U32SelectorData>();
        if (selector.Length < size)
            throw NetlinkException.Malformed($"a selector of {selector.Length} bytes");
        int count = MemoryMarshal.Read<U32SelectorData>(selector).nkeys;
        ReadOnlySpan<byte> keys = selector[size..];
        if (keys.Length < count * Unsafe.SizeOf<U32KeyData>())
            throw NetlinkException.Malformed($"a selector claims {count} keys in {keys.Length} bytes");
        var read = ImmutableArray.CreateBuilder<U32Key>(count);
        for (int i = 0; i < count; i++)
            read.Add(U32Key.From(MemoryMarshal.Read<U32KeyData>(keys[(i * Unsafe.SizeOf<U32KeyData>())..])));
        return read.DrainToImmutable();
    }
}
