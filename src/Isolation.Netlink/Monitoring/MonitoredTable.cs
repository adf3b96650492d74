using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>One kind of what a monitor tells: reads its messages, and compares a list of the kernel's with what was told.</summary>
internal abstract class MonitoredTable
{
    /// <summary>The groups that tell of it.</summary>
    public abstract ReadOnlySpan<MulticastGroup> Groups { get; }

    /// <summary>What was told may differ from what there is: it must be listed.</summary>
    public bool IsStale { get; private protected set; }

    /// <summary>It has been listed, and whether nothing of it changed meanwhile is still to be seen.</summary>
    public bool IsUnsettled { get; private set; }

    /// <summary>The last list was interrupted, or something of it changed since.</summary>
    private protected bool IsDisturbed { get; set; }

    /// <summary>Messages are missing.</summary>
    public void MakeStale() => IsStale = IsDisturbed = true;

    /// <summary>Reads a message, if it is of this kind.</summary>
    public bool TryRead(in Message message, List<NetworkEvent> changes)
    {
        if (!TryReadMessage(message, new ChangeOrigin(ChangeSource.Notification, message.Header.nlmsg_pid, message.Header.nlmsg_flags), changes))
            return false;
        IsDisturbed = true;
        return true;
    }

    /// <summary>Lists what there is, and tells what is new or different. What is missing is told by <see cref="Settle"/>.</summary>
    public void List(RouteClient client, ChangeSource source, List<NetworkEvent>? changes)
    {
        IsDisturbed = ListAndCompare(client, new ChangeOrigin(source, 0, 0), changes);
        IsUnsettled = true;
    }

    /// <summary>
    /// Judges the last list, at a fence that was asked for after it. If nothing of it changed meanwhile, the list is what there
    /// was, and what is missing in it is gone. Otherwise the list may lack what was there all the time: the kernel lists neighbours and
    /// IPv6 routes by their place, which others' coming and going shifts. Then it is to be listed again, and only what is missing twice is gone.
    /// </summary>
    public void Settle(ChangeSource source, List<NetworkEvent>? changes)
    {
        IsUnsettled = false;
        IsStale = IsDisturbed;
        TellMissing(onlyTwice: IsDisturbed, new ChangeOrigin(source, 0, 0), changes);
    }

    private protected abstract bool TryReadMessage(in Message message, in ChangeOrigin origin, List<NetworkEvent> changes);

    private protected abstract bool ListAndCompare(RouteClient client, in ChangeOrigin origin, List<NetworkEvent>? changes);

    private protected abstract void TellMissing(bool onlyTwice, in ChangeOrigin origin, List<NetworkEvent>? changes);
}
