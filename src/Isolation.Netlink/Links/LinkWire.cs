using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Attributes as the kinds of links have them.</summary>
internal static class LinkWire
{
    // Attributes whose numbers are those of a kind that is not known, or only count.
    private enum Place : ushort
    {
        First = 0,
    }

    extension(MessageWriter writer)
    {
        /// <summary>A time as a number of 32 bits.</summary>
        public void WriteTime<TType>(TType type, TimeSpan? time, long unit)
            where TType : unmanaged, Enum
        {
            if (time is not { } value)
                return;
            if (value < TimeSpan.Zero || value.Ticks / unit > uint.MaxValue)
                throw new ArgumentException($"{type} is out of range: {value}.");
            writer.Write(type, (uint)(value.Ticks / unit));
        }

        /// <summary>A time as a number of 64 bits, in hundredths of a second.</summary>
        public void WriteLongTime<TType>(TType type, TimeSpan? time)
            where TType : unmanaged, Enum
        {
            if (time is not { } value)
                return;
            if (value < TimeSpan.Zero)
                throw new ArgumentException($"{type} is out of range: {value}.");
            writer.Write(type, (ulong)(value.Ticks / LinkTime.Clock));
        }

        /// <summary>A boolean as a number of 32 bits.</summary>
        public void WriteBoolean32<TType>(TType type, bool? value)
            where TType : unmanaged, Enum
        {
            if (value is { } known)
                writer.Write(type, known ? 1u : 0u);
        }

        /// <summary>An attribute that says something by being there (NLA_FLAG).</summary>
        public void WriteFlag<TType>(TType type, bool value)
            where TType : unmanaged, Enum
        {
            if (value)
                writer.WriteBytes(type, []);
        }

        public void WriteBigEndian<TType>(TType type, uint? value)
            where TType : unmanaged, Enum
            => writer.Write(type, value is { } known ? BinaryPrimitives.ReverseEndianness(known) : default(uint?));

        /// <exception cref="ArgumentException">The address is of another family.</exception>
        public void WriteAddress<TType>(TType type, IPAddress? address, AddressFamily family)
            where TType : unmanaged, Enum
        {
            if (address is null)
                return;
            if (address.AddressFamily != family)
                throw new ArgumentException($"{type} is of {family}: {address}.");
            writer.WriteAddress(type, address);
        }

        /// <summary>An address as the one or the other attribute, by its family.</summary>
        public void WriteEither<TType>(TType type4, TType type6, IPAddress? address)
            where TType : unmanaged, Enum
        {
            if (address is not null)
                writer.WriteAddress(address.AddressFamily == AddressFamily.InterNetworkV6 ? type6 : type4, address);
        }

        /// <summary>Addresses in a nest, numbered from 0.</summary>
        public void WriteAddresses<TType>(TType type, ImmutableArray<IPAddress> addresses, AddressFamily family)
            where TType : unmanaged, Enum
        {
            if (addresses.IsEmpty)
                return;
            using (writer.Nest(type))
            {
                Place place = Place.First;
                foreach (IPAddress address in addresses)
                    writer.WriteAddress(place++, address, family);
            }
        }

        public void WritePhysicalAddress<TType>(TType type, PhysicalAddress? address)
            where TType : unmanaged, Enum
        {
            // What a link without an address tells, PhysicalAddress.None, sets none.
            if (address?.GetAddressBytes() is { Length: > 0 } bytes)
                writer.WriteBytes(type, bytes);
        }

        public void WriteRange<TType>(TType type, PortRange? range)
            where TType : unmanaged, Enum
        {
            if (range is { } ports)
                writer.Write(type, ports.ToKernel());
        }

        /// <summary>Attributes that were read and kept.</summary>
        public void WriteUnknown(ImmutableArray<UnknownLinkOption> attributes)
        {
            foreach (UnknownLinkOption attribute in attributes)
                writer.WriteBytes((Place)attribute.Type, attribute.Value.AsSpan());
        }
    }

    extension(Wire.Attribute attribute)
    {
        /// <summary>Whether an attribute that is there says yes: some kernels write a number into those that are read as flags.</summary>
        public bool IsSet => attribute.Value.IsEmpty || attribute.Value[0] != 0;

        public uint UInt32BigEndian => BinaryPrimitives.ReverseEndianness(attribute.Number<uint>());

        /// <summary>A time of 64 bits, in hundredths of a second.</summary>
        public TimeSpan LongTime
        {
            get
            {
                ulong value = attribute.Number<ulong>();
                return value < (ulong)(TimeSpan.MaxValue.Ticks / LinkTime.Clock) ? TimeSpan.FromTicks((long)value * LinkTime.Clock) : TimeSpan.MaxValue;
            }
        }

        /// <summary>The addresses of a nest.</summary>
        public ImmutableArray<IPAddress> Addresses
        {
            get
            {
                ImmutableArray<IPAddress>.Builder addresses = ImmutableArray.CreateBuilder<IPAddress>();
                foreach (Wire.Attribute inner in attribute.Attributes)
                    addresses.Add(inner.Address);
                return addresses.DrainToImmutable();
            }
        }

        /// <summary>The MAC addresses of a nest.</summary>
        public ImmutableArray<PhysicalAddress> PhysicalAddresses
        {
            get
            {
                ImmutableArray<PhysicalAddress>.Builder addresses = ImmutableArray.CreateBuilder<PhysicalAddress>();
                foreach (Wire.Attribute inner in attribute.Attributes)
                    addresses.Add(inner.PhysicalAddress);
                return addresses.DrainToImmutable();
            }
        }

        /// <summary>A time of 32 bits.</summary>
        public TimeSpan Time(long unit) => TimeSpan.FromTicks(attribute.Number<uint>() * unit);
    }
}
