using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Many changes, sent together: up to 64 KB at a time, with one acknowledgement for each send. From <see cref="RouteClient.CreateBatch"/>.</summary>
/// <remarks>
/// The kernel does them in their order and goes on after one that fails; nothing is rolled back. A batch is for one thread
/// at a time, and can be sent again.
/// </remarks>
public sealed class RouteBatch : RouteChanges, IDisposable
{
    private readonly NetlinkConnection _connection;
    private readonly RequestBuffer _requests = new();

    internal RouteBatch(NetlinkConnection connection) => _connection = connection;

    internal RequestBuffer Requests => _requests;

    /// <summary>How many changes there are.</summary>
    public int Count => _requests.Count;

    /// <summary>Does all changes, and throws the first failure. The others have been tried, and took effect if they did not fail themselves.</summary>
    /// <exception cref="NetlinkException">The kernel refused a change; <see cref="NetlinkException.RequestIndex"/> says which.</exception>
    public void Send()
    {
        if (TrySend() is [var first, ..])
            throw first;
    }

    /// <summary>Does all changes, and returns the failures in the order of the changes; none when all took effect.</summary>
    public IReadOnlyList<NetlinkException> TrySend() => _connection.Execute(_requests);

    /// <summary>Forgets all changes.</summary>
    public void Clear() => _requests.Clear();

    /// <summary>Gives the memory back. What was not sent is not done.</summary>
    public void Dispose() => _requests.Dispose();

    private protected override void Submit<TBody>(in RequestDescription description, TBody body) => _requests.Append(description, body);

    private protected override void SubmitBoth<TFirst, TSecond>(in RequestDescription first, TFirst firstBody, in RequestDescription second, TSecond secondBody)
        => _requests.AppendBoth(first, firstBody, second, secondBody);
}
