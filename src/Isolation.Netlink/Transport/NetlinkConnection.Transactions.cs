using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Transport;

internal sealed partial class NetlinkConnection
{
    private const string NothingHappened = "Nothing of the transaction took effect";

    /// <summary>Sends a transaction of NETLINK_NETFILTER: all of it takes effect, or nothing.</summary>
    /// <param name="requests">The requests, between the one that begins the transaction and the one that ends it.</param>
    /// <returns>
    /// What failed, in the order of the requests: all, or the first ones if there are more than the socket's queue has room for.
    /// None when the transaction took effect.
    /// </returns>
    public List<NetlinkException> ExecuteTransaction(RequestBuffer requests)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            uint first = BeginTransaction(requests);
            return ReceiveOutcome(requests, first);
        }
    }

    /// <summary>Waits until a transaction of somebody else that is just taking effect has done so.</summary>
    /// <param name="empty">A request that begins a transaction, and one that ends it.</param>
    public void AwaitTransactions(RequestBuffer empty)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_isMidway)
                socket.Drain();

            // nfnetlink_rcv_batch takes the mutex that a commit holds. Without a request there is no acknowledgement before
            // Linux 6.10, and what could fail, the caller's next request tells.
            for (int i = 0; i < empty.Count; i++)
                empty.Number(i, ++_sequence, acknowledge: false);
            socket.Send(empty.Bytes);
            socket.Drain();
        }
    }

    private uint BeginTransaction(RequestBuffer requests)
    {
        if (_isMidway)
            socket.Drain();
        socket.AllowSend(requests.Bytes.Length);
        uint first = _sequence + 1;

        // The last request, not the end: Linux acknowledges the end from 6.10 on only.
        for (int i = 0; i < requests.Count; i++)
            requests.Number(i, ++_sequence, acknowledge: i == requests.Count - 2);
        _isMidway = true;
        socket.Send(requests.Bytes);
        return first;
    }

    // nfnetlink_rcv_batch has answered in full when the send returns. The errors come in the order of the requests and the
    // acknowledgement comes after them, so what an overrun takes away are never the first errors.
    private List<NetlinkException> ReceiveOutcome(RequestBuffer requests, uint first)
    {
        var failures = new List<NetlinkException>();
        bool isAcknowledged = false;
        ReceiveResult received;
        while ((received = socket.TryReceive(_answer, out int length)) != ReceiveResult.Empty)
        {
            if (received == ReceiveResult.Overrun)
                continue;
            foreach (Message message in new MessageReader(_answer.AsSpan(0, Math.Min(length, _answer.Length))))
            {
                uint index = message.Header.nlmsg_seq - first;
                if (message.Header.nlmsg_type != NetlinkConstants.NLMSG_ERROR || index >= requests.Count)
                    continue;
                Errno errno = ExtendedAcknowledgement.ReadError(message, requests.Description((int)index).Kind.Attributes, requests.Request((int)index), out ExtendedAcknowledgement report);
                if (errno == Errno.None)
                    isAcknowledged = true;
                else
                    failures.Add(TransactionFailure(requests, (int)index, errno, report));
            }
        }

        _isMidway = false;
        return failures.Count > 0 || isAcknowledged
            ? failures
            : throw new LinuxException("receive the answer to a transaction", null, Errno.ENOBUFS, SyscallNumber.RecvFrom.Name, "Whether it took effect is not known");
    }

    private static NetlinkException TransactionFailure(RequestBuffer requests, int index, Errno errno, ExtendedAcknowledgement report)
    {
        RequestDescription description = requests.Description(index);
        string hint = errno switch
        {
            Errno.EPERM => $"This needs CAP_NET_ADMIN in the user namespace that owns the network namespace. {NothingHappened}",
            Errno.ERESTART => $"Somebody else has changed the ruleset since. {NothingHappened}",
            _ => NothingHappened,
        };
        return new NetlinkException(description.Operation, description.Target?.ToString(), errno, description.Kind.Name, report, index == 0 ? null : index - 1, hint);
    }
}
