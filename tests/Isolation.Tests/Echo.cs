using System.Net;
using System.Net.Sockets;
using Isolation.Namespaces;

namespace Isolation.Tests;

/// <summary>A connection from one network namespace to another.</summary>
internal static class Echo
{
    /// <summary>Fails unless what is sent to the address arrives at a listener at the other port.</summary>
    /// <returns>Who the listener saw.</returns>
    public static async Task<IPAddress> AssertReachesAsync(NetworkNamespace listening, NetworkNamespace connecting, string address, int connectPort, int listenPort)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using Socket listener = listening.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, listenPort));
        listener.Listen();
        Task<Socket> accepting = listener.AcceptAsync(limit.Token).AsTask();
        using Socket client = connecting.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Parse(address), connectPort, limit.Token);
        using Socket server = await accepting;
        await client.SendAsync("hello"u8.ToArray(), limit.Token);
        byte[] buffer = new byte[5];
        Assert.Equal(5, await server.ReceiveAsync(buffer, limit.Token));
        Assert.Equal("hello"u8, buffer);
        return ((IPEndPoint)server.RemoteEndPoint!).Address;
    }
}
