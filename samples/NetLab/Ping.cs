using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Isolation.Namespaces;

namespace Isolation.Samples.NetLab;

/// <summary>ICMP echo (RFC 792) by a raw socket inside a network namespace; it works from any thread.</summary>
internal sealed class Ping(NetworkNamespace from) : IDisposable
{
    private const byte EchoRequest = 8, EchoReply = 0;

    private static int s_lastId;

    private readonly Socket _socket = from.OpenSocket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
    private readonly ushort _id = (ushort)Interlocked.Increment(ref s_lastId);
    private ushort _sequence;

    /// <summary>Sends one request and waits for its answer.</summary>
    /// <returns>The time that it took; null when none came.</returns>
    public TimeSpan? Send(IPAddress to, TimeSpan patience)
    {
        Span<byte> request = stackalloc byte[64];
        request.Clear();
        request[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(request[4..], _id);
        BinaryPrimitives.WriteUInt16BigEndian(request[6..], ++_sequence);
        BinaryPrimitives.WriteUInt16BigEndian(request[2..], Checksum(request));
        long begun = Stopwatch.GetTimestamp();
        try
        {
            _socket.SendTo(request, new IPEndPoint(to, 0));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.NetworkUnreachable or SocketError.HostUnreachable)
        {
            return null;
        }

        Span<byte> answer = stackalloc byte[2048];
        for (TimeSpan left = patience; left > TimeSpan.Zero; left = patience - Stopwatch.GetElapsedTime(begun))
        {
            if (!_socket.Poll(left, SelectMode.SelectRead))
                return null;
            int length = _socket.Receive(answer);

            // The IP header comes along; its length is in 32-bit words.
            ReadOnlySpan<byte> message = answer[Math.Min(length, (answer[0] & 15) * 4)..length];
            if (message is [EchoReply, _, _, _, _, _, _, _, ..] && BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == _id && BinaryPrimitives.ReadUInt16BigEndian(message[6..]) == _sequence)
                return Stopwatch.GetElapsedTime(begun);
        }

        return null;
    }

    public void Dispose() => _socket.Dispose();

    private static ushort Checksum(ReadOnlySpan<byte> message)
    {
        uint sum = 0;
        for (int i = 0; i < message.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(message[i..]);
        while (sum > 0xffff)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
