using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Many changes that take effect together, or not at all. From <see cref="NftablesClient.CreateTransaction"/>.</summary>
/// <remarks>
/// Nobody sees a part of it, packets neither. One that is larger than what a socket may send needs CAP_NET_ADMIN in the
/// initial user namespace. A transaction is for one thread at a time, and can be sent again.
/// </remarks>
public sealed class NftablesTransaction : NftablesChanges, IDisposable
{
    private readonly NetlinkConnection _connection;
    private readonly uint _generation;
    private readonly RequestBuffer _requests = new();

    internal NftablesTransaction(NetlinkConnection connection, uint generation)
    {
        _connection = connection;
        _generation = generation;
        Clear();
    }

    /// <summary>How many changes there are.</summary>
    public int Count => _requests.Count - 1;

    /// <summary>Does all changes, or throws the first failure and has done none.</summary>
    /// <exception cref="NetlinkException">
    /// The kernel refused a change; <see cref="NetlinkException.RequestIndex"/> says which. ERESTART: the ruleset has not the
    /// generation any more that the transaction is for.
    /// </exception>
    /// <exception cref="Isolation.Syscalls.LinuxException">EMSGSIZE: it is larger than what the socket may send.</exception>
    public void Send()
    {
        if (TrySend() is [var first, ..])
            throw first;
    }

    /// <summary>Does all changes, or none and returns the failures in the order of the changes; none when all took effect.</summary>
    /// <remarks>Of several hundred failures, the last ones may be missing.</remarks>
    /// <exception cref="Isolation.Syscalls.LinuxException">EMSGSIZE: it is larger than what the socket may send.</exception>
    public IReadOnlyList<NetlinkException> TrySend()
    {
        if (Count == 0)
            return [];
        _requests.Append(new RequestDescription(NftRequestKinds.End, 0, "end the transaction", null), new BatchRequest(0));
        try
        {
            return _connection.ExecuteTransaction(_requests);
        }
        finally
        {
            _requests.RemoveLast();
        }
    }

    /// <summary>Forgets all changes.</summary>
    public void Clear()
    {
        _requests.Clear();
        _requests.Append(new RequestDescription(NftRequestKinds.Begin, 0, "change the ruleset", null), new BatchRequest(_generation));
    }

    /// <summary>Gives the memory back. What was not sent is not done.</summary>
    public void Dispose() => _requests.Dispose();

    internal void Add<TBody>(in RequestDescription description, TBody body)
        where TBody : IRequestBody
        => _requests.Append(description, body);

    private protected override void Submit<TBody>(in RequestDescription description, TBody body) => Add(description, body);

    private protected override void SubmitAll<TBody>(in RequestDescription description, IReadOnlyList<TBody> bodies)
    {
        int count = _requests.Count;
        try
        {
            foreach (TBody body in bodies)
                Add(description, body);
        }
        catch
        {
            while (_requests.Count > count)
                _requests.RemoveLast();
            throw;
        }
    }
}
