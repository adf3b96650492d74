using System.Net;
using System.Net.Sockets;
using Isolation.Syscalls;

namespace Isolation.Namespaces;

public sealed partial class NetworkNamespace
{
    /// <summary>Opens a socket inside the namespace. It can be used from any thread, and stays in the namespace and keeps it alive (network_namespaces(7)).</summary>
    /// <remarks>
    /// What it accepts is in the namespace as well. After a <c>Connect</c> that failed, <see cref="Socket"/> replaces its kernel socket when
    /// it is used to connect again, and the new one is of the calling thread's namespace: open another socket instead.
    /// </remarks>
    /// <exception cref="SocketException">As of the constructor of <see cref="Socket"/>.</exception>
    /// <exception cref="LinuxException">As <see cref="ThreadNamespace.Run(Action)"/>.</exception>
    public Socket OpenSocket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
        => Run(() => new Socket(addressFamily, socketType, protocolType));

    /// <summary>Connects to a host inside the namespace by TCP. It fits <see cref="System.Net.Http.SocketsHttpHandler.ConnectCallback"/>, since HttpClient makes its connections on the thread pool, outside of any delegate.</summary>
    /// <remarks>A name is looked up inside too, with the name servers of the process's /etc/resolv.conf. The addresses are tried one after the other.</remarks>
    /// <exception cref="SocketException">The name is unknown, or no address answers.</exception>
    /// <exception cref="LinuxException">As <see cref="ThreadNamespace.Run(Action)"/>.</exception>
    public async ValueTask<Stream> ConnectAsync(System.Net.Http.SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ConnectAsync(System.Net.Http.SocketsHttpConnectionContext, CancellationToken)"/>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The TCP port.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? address)
            ? [address]
            : await RunAsync(() => Task.FromResult(Dns.GetHostAddresses(host)), cancellationToken).ConfigureAwait(false);
        for (int i = 0; ; i++)
        {
            if (i == addresses.Length)
                throw new SocketException((int)SocketError.HostNotFound);
            Socket socket = OpenSocket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.NoDelay = true;
                await socket.ConnectAsync(addresses[i], port, cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
