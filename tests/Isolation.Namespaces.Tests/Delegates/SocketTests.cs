using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Isolation.Namespaces.Tests.Delegates;

/// <summary>Sockets, HttpClient and Kestrel in a network namespace that has nothing but 127.0.0.1.</summary>
[NativeOnly]
public sealed class SocketTests : IClassFixture<WarmUp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [LinuxFact(Needs.Root)]
    public async Task A_socket_opened_inside_is_of_the_namespace_on_every_thread()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace ns = Fresh.Network();
        using Socket listener = ns.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 80));
        listener.Listen();
        Assert.Equal(ns.Id.Inode, NamespaceOf(listener));

        using Socket client = ns.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, 80, Cancellation);
        using Socket accepted = await listener.AcceptAsync(Cancellation);
        Assert.Equal(ns.Id.Inode, NamespaceOf(accepted));
        await client.SendAsync(new byte[] { 42 }, Cancellation);
        byte[] received = new byte[1];
        Assert.Equal(1, await accepted.ReceiveAsync(received, Cancellation));
        Assert.Equal(42, received[0]);

        using Socket outside = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.NotEqual(ns.Id.Inode, NamespaceOf(outside));
    }

    [LinuxFact(Needs.Root)]
    public void The_same_port_is_free_in_each_namespace()
    {
        using var nothingLeft = new ResidueCheck();
        NetworkNamespace[] all = [.. Enumerable.Range(0, 8).Select(_ => Fresh.Network())];
        Socket[] sockets = [.. all.Select(ns => ns.OpenSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))];
        Array.ForEach(sockets, s => s.Bind(new IPEndPoint(IPAddress.Any, 53)));
        Array.ForEach(sockets, s => s.Dispose());
        Array.ForEach(all, ns => ns.Dispose());
    }

    [LinuxFact(Needs.Root)]
    public void A_socket_that_cannot_be_opened_is_the_exception_of_its_constructor()
    {
        using NetworkNamespace ns = Fresh.Network();
        Assert.Throws<SocketException>(() => ns.OpenSocket(AddressFamily.AppleTalk, SocketType.Stream, ProtocolType.Tcp));
    }

    [LinuxFact(Needs.Root)]
    public void A_socket_whose_connect_failed_leaves_the_namespace_when_it_connects_again()
    {
        using NetworkNamespace ns = Fresh.Network();
        using Socket socket = ns.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<SocketException>(() => socket.Connect(IPAddress.Loopback, 80));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        socket.Connect((IPEndPoint)listener.LocalEndpoint);
        Assert.NotEqual(ns.Id.Inode, NamespaceOf(socket));
    }

    [LinuxFact(Needs.Root)]
    public async Task HttpClient_and_Kestrel_talk_inside_from_threads_outside()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace ns = Fresh.Network();
        await using WebApplication server = Server(transport => transport.CreateBoundListenSocket = endpoint =>
        {
            Socket socket = ns.OpenSocket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endpoint);
            return socket;
        });
        await server.StartAsync(Cancellation);
        using var handler = new SocketsHttpHandler { ConnectCallback = ns.ConnectAsync };
        using var client = new HttpClient(handler);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.GetStringAsync(new Uri($"http://127.0.0.1/{i}"), Cancellation)));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"/{i}"), answers);

        using var outside = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => outside.GetStringAsync(new Uri("http://127.0.0.1/"), Cancellation));
        await server.StopAsync(Cancellation);
    }

    [LinuxFact(Needs.Root)]
    public async Task Kestrel_that_is_started_inside_listens_inside()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace ns = Fresh.Network();
        WebApplication server = await ns.RunAsync(async () =>
        {
            WebApplication started = Server(_ => { });
            await started.StartAsync(Cancellation);
            return started;
        });
        await using (server)
        {
            using var handler = new SocketsHttpHandler { ConnectCallback = ns.ConnectAsync };
            using var client = new HttpClient(handler);
            Assert.Equal("/inside", await client.GetStringAsync(new Uri("http://localhost/inside"), Cancellation));
            await server.StopAsync(Cancellation);
        }
    }

    // The reason for ConnectCallback: no handler connects on the thread that asks.
    [LinuxFact(Needs.Root)]
    public async Task HttpClient_alone_connects_outside_even_when_it_is_used_inside()
    {
        using NetworkNamespace ns = Fresh.Network();
        using var outside = new TcpListener(IPAddress.Loopback, 0);
        outside.Start();
        Task<TcpClient> accepted = outside.AcceptTcpClientAsync(Cancellation).AsTask();
        await ns.RunAsync(async () =>
        {
            using var client = new HttpClient();
            Task<string> request = client.GetStringAsync(new Uri($"http://{outside.LocalEndpoint}/"), Cancellation);
            using (TcpClient server = await accepted)
                await server.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"u8.ToArray(), Cancellation);
            Assert.Equal("hi", await request);
        });
    }

    [LinuxFact(Needs.Root)]
    public async Task Nobody_answers_and_no_name_are_errors()
    {
        using var nothingLeft = new ResidueCheck();
        using NetworkNamespace ns = Fresh.Network();
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => ns.ConnectAsync("127.0.0.1", 9, Cancellation));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await Assert.ThrowsAsync<SocketException>(() => ns.ConnectAsync("name.invalid", 9, Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ns.ConnectAsync("127.0.0.1", 9, new CancellationToken(canceled: true)));
    }

    private static WebApplication Server(Action<SocketTransportOptions> transport)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(transport).ConfigureKestrel(o => o.ListenLocalhost(80));
        WebApplication server = builder.Build();
        server.Run(context => context.Response.WriteAsync(context.Request.Path));
        return server;
    }

    // ioctl_sock / SIOCGSKNS: a descriptor of the socket's network namespace.
    private static ulong NamespaceOf(Socket socket)
    {
        const int SIOCGSKNS = 0x894C;
        long descriptor = Isolation.Syscalls.Interop.Sys.Check("find the namespace of", "a socket", Isolation.Syscalls.SyscallNumber.Ioctl, socket.Handle, SIOCGSKNS);
        using Namespace ns = Namespace.FromHandle(new Microsoft.Win32.SafeHandles.SafeFileHandle((nint)descriptor, ownsHandle: true));
        return ns.Id.Inode;
    }
}
