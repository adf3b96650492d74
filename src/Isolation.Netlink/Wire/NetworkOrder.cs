using System.Buffers.Binary;

namespace Isolation.Netlink.Wire;

/// <summary>Numbers in network byte order, big endian, which all of nf_tables are.</summary>
internal static class NetworkOrder
{
    extension(Attribute attribute)
    {
        public uint NetworkUInt32 => BinaryPrimitives.ReverseEndianness(attribute.Number<uint>());

        public ulong NetworkUInt64 => BinaryPrimitives.ReverseEndianness(attribute.Number<ulong>());
    }

    extension(MessageWriter writer)
    {
        public void WriteNetwork<TType>(TType type, uint value)
            where TType : unmanaged, Enum
            => writer.Write(type, BinaryPrimitives.ReverseEndianness(value));

        /// <summary>The same, unless the value is null.</summary>
        public void WriteNetwork<TType>(TType type, uint? value)
            where TType : unmanaged, Enum
        {
            if (value is { } known)
                writer.Write(type, BinaryPrimitives.ReverseEndianness(known));
        }

        /// <summary>An attribute of attributes that were kept as bytes.</summary>
        public void WriteNested<TType>(TType type, ReadOnlySpan<byte> attributes)
            where TType : unmanaged, Enum
        {
            using (writer.Nest(type))
                writer.WriteRaw(attributes);
        }

        public void WriteNetwork64<TType>(TType type, ulong value)
            where TType : unmanaged, Enum
            => writer.Write(type, BinaryPrimitives.ReverseEndianness(value));
    }
}
