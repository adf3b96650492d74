using System.Net;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Writes the attributes of a request. It is valid only while the request is made.</summary>
/// <remarks>Numbers are in the machine's byte order. Their C# type is their size, and the kernel refuses another one.</remarks>
public readonly ref struct AttributeWriter
{
    private readonly MessageWriter _writer;

    internal AttributeWriter(MessageWriter writer) => _writer = writer;

    /// <summary>A number of one byte (u8).</summary>
    public void Write(ushort type, byte value) => _writer.Write((AttributeType)type, value);

    /// <summary>A number of two bytes (u16).</summary>
    public void Write(ushort type, ushort value) => _writer.Write((AttributeType)type, value);

    /// <summary>A number of four bytes (u32).</summary>
    public void Write(ushort type, uint value) => _writer.Write((AttributeType)type, value);

    /// <summary>A number of four bytes (s32).</summary>
    public void Write(ushort type, int value) => _writer.Write((AttributeType)type, value);

    /// <summary>A number of eight bytes (u64).</summary>
    public void Write(ushort type, ulong value) => _writer.Write((AttributeType)type, value);

    /// <summary>Text, with a zero byte at its end.</summary>
    /// <exception cref="ArgumentException">It has more than 65530 bytes.</exception>
    public void Write(ushort type, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _writer.WriteText((AttributeType)type, value);
    }

    /// <summary>Bytes as they are.</summary>
    /// <exception cref="ArgumentException">They are more than 65531.</exception>
    public void Write(ushort type, ReadOnlySpan<byte> value) => _writer.WriteBytes((AttributeType)type, value);

    /// <summary>An address: 4 or 16 bytes.</summary>
    public void Write(ushort type, IPAddress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _writer.WriteAddress((AttributeType)type, value);
    }

    /// <summary>An attribute without a value, which counts by being there.</summary>
    public void WriteFlag(ushort type) => _writer.WriteBytes((AttributeType)type, []);

    /// <summary>An attribute that holds those that are written until what this returns is disposed.</summary>
    public Nest BeginNest(ushort type) => new(_writer.Nest((AttributeType)type));

    /// <summary>An attribute that is still open.</summary>
    public readonly ref struct Nest : IDisposable
    {
        private readonly MessageWriter.Scope _scope;

        internal Nest(MessageWriter.Scope scope) => _scope = scope;

        /// <summary>Closes it.</summary>
        /// <exception cref="ArgumentException">It has more than 65535 bytes.</exception>
        public void Dispose() => _scope.Dispose();
    }

    // Which numbers there are, only the family knows.
    private enum AttributeType : ushort;
}
