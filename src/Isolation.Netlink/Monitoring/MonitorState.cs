using System.Diagnostics;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>
/// Turns messages into changes, and decides when the kernel is asked for lists: in the beginning, after an overrun, and when something may have
/// gone without a message.
/// </summary>
/// <remarks>
/// The order is what makes it right. A list is asked for at a fence, where the kernel's queue was empty: what was told before has been
/// read by then, and what is told later is kept and read after the list. So a change is in the list, or in a message behind it, or in
/// both; and the last message about something tells it as it is. A second fence behind the list shows whether its kind was left alone meanwhile
/// (<see cref="MonitoredTable.Settle"/>). Fences have numbers, so that one that an overrun has made useless is not taken for another.
/// </remarks>
internal sealed class MonitorState : IDisposable
{
    // Every network namespace has its lo with this index.
    private const int LoopbackIndex = 1;

    // Between two attempts to list what does not stay still.
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(10), s_longestPause = TimeSpan.FromSeconds(1);

    private readonly RouteClient _client;
    private readonly MonitorPump _pump;
    private readonly MonitorOptions _options;
    private readonly bool _remembers;
    private readonly MonitoredTable[] _tables;
    private readonly MonitoredRoutes? _routes;
    private readonly MonitoredNextHops? _nextHops;
    private readonly SilentRemovals _removals = new();
    private readonly Timer _retry;
    private uint _fence;
    private bool _isWaiting, _isAnnounced, _hasBegun;
    private TimeSpan _pause, _cost;
    private long _listed;

    public MonitorState(RouteClient client, MonitorPump pump, MonitorOptions options)
    {
        (_client, _pump, _options) = (client, pump, options);
        _remembers = options.ListExisting || options.ResynchronizeAfterOverrun;
        _tables = [.. CreateTables(options.Kinds, _remembers)];
        _routes = _tables.OfType<MonitoredRoutes>().FirstOrDefault();
        _nextHops = _tables.OfType<MonitoredNextHops>().FirstOrDefault();
        _retry = new Timer(static state => ((MonitorState)state!).Retry(), this, Timeout.Infinite, Timeout.Infinite);
    }

    public long Overruns { get; private set; }

    /// <summary>The groups to join.</summary>
    public HashSet<MulticastGroup> Groups
    {
        get
        {
            var groups = new HashSet<MulticastGroup>();
            foreach (MonitoredTable table in _tables)
                groups.UnionWith(table.Groups.ToArray());
            if ((_routes is not null || _nextHops is not null) && _remembers)
                groups.UnionWith(SilentRemovals.Groups.ToArray());
            return groups;
        }
    }

    /// <summary>Asks for what there is, where that is to be known.</summary>
    public void Begin()
    {
        if (!_remembers)
            return;
        _isAnnounced = _options.ListExisting;
        MakeAllStale();
    }

    /// <summary>Reads some whole messages of the pump.</summary>
    public void Read(ReadOnlySpan<byte> messages, List<NetworkEvent> changes)
    {
        foreach (Message message in new MessageReader(messages))
        {
            switch (message.Header.nlmsg_type)
            {
                case MonitorConstants.NLMSG_OVERRUN:
                    OnOverrun(changes);
                    break;
                case MonitorConstants.NLMSG_NOOP when message.Header.nlmsg_seq == _fence:
                    OnFence(changes);
                    break;
                default:
                    foreach (MonitoredTable table in _tables)
                    {
                        if (table.TryRead(message, changes))
                            break;
                    }

                    if ((_routes is not null || _nextHops is not null) && _remembers)
                        _removals.Note(message);
                    break;
            }
        }

        // What a message made doubtful is looked at when the messages that came with it have been read.
        if (!_isWaiting && (_removals.Any || _tables.Any(t => t.IsStale)))
            AskForList();
    }

    public void Dispose() => _retry.Dispose();

    private static IEnumerable<MonitoredTable> CreateTables(MonitoredKinds kinds, bool remember)
    {
        if (kinds.HasFlag(MonitoredKinds.Links))
            yield return new MonitoredLinks(remember);
        if (kinds.HasFlag(MonitoredKinds.Addresses))
            yield return new MonitoredAddresses(remember);
        if (kinds.HasFlag(MonitoredKinds.Routes))
            yield return new MonitoredRoutes(remember);
        if (kinds.HasFlag(MonitoredKinds.Neighbors))
            yield return new MonitoredNeighbors(remember);
        if (kinds.HasFlag(MonitoredKinds.Rules))
            yield return new MonitoredRules(remember);
        if (kinds.HasFlag(MonitoredKinds.NextHops))
            yield return new MonitoredNextHops(remember);
    }

    private void OnOverrun(List<NetworkEvent> changes)
    {
        Overruns++;
        changes.Add(new Overrun());
        if (!_options.ResynchronizeAfterOverrun)
        {
            // The first list is to be whole all the same.
            if (!_hasBegun && _options.ListExisting)
                MakeAllStale();
            return;
        }

        // Whoever has not been given a list, and so knows nothing of before, is given one now.
        _hasBegun = true;
        _isAnnounced = true;
        MakeAllStale();
    }

    private void MakeAllStale()
    {
        foreach (MonitoredTable table in _tables)
            table.MakeStale();
        AskForList();
    }

    // Lists take at most half of the time, and what does not stay still is listed less and less often.
    private void AskForList()
    {
        TimeSpan wait = (_pause > _cost ? _pause : _cost) - Stopwatch.GetElapsedTime(_listed);
        _isWaiting = true;
        _fence++;
        if (_listed == 0 || wait <= TimeSpan.Zero)
            _pump.RequestFence(_fence);
        else
            _retry.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Retry() => _pump.RequestFence(Volatile.Read(ref _fence));

    private void OnFence(List<NetworkEvent> changes)
    {
        _isWaiting = false;
        ChangeSource source = _hasBegun ? ChangeSource.Difference : ChangeSource.Listing;
        List<NetworkEvent>? told = _hasBegun || _options.ListExisting ? changes : null;
        bool settles = Settle(source, told);
        _routes?.Suspect(_removals);
        _nextHops?.Suspect(_removals);
        _removals.Clear();
        if (_tables.Any(t => t.IsStale))
        {
            if (!settles)
            {
                List(source, told);
                return;
            }

            long pause = Math.Clamp(_pause.Ticks * 2, s_shortestPause.Ticks, s_longestPause.Ticks);
            _pause = TimeSpan.FromTicks(pause);
            AskForList();
            return;
        }

        _pause = TimeSpan.Zero;
        _hasBegun = true;
        if (settles && _isAnnounced)
        {
            _isAnnounced = false;
            changes.Add(new Synchronized());
        }
    }

    private bool Settle(ChangeSource source, List<NetworkEvent>? told)
    {
        bool any = false;
        foreach (MonitoredTable table in _tables.Where(t => t.IsUnsettled))
        {
            table.Settle(source, told);
            any = true;
        }

        return any;
    }

    private void List(ChangeSource source, List<NetworkEvent>? told)
    {
        long start = Stopwatch.GetTimestamp();

        // Some messages are sent a moment before the change itself, under the lock that this request waits for (RTNL): of IPv4 routes that
        // are deleted, and of links that are switched off before their routes go.
        _client.GetLink(LoopbackIndex);
        foreach (MonitoredTable table in _tables.Where(t => t.IsStale))
            table.List(_client, source, told);
        _listed = Stopwatch.GetTimestamp();
        _cost = Stopwatch.GetElapsedTime(start, _listed);
        _isWaiting = true;
        _pump.RequestFence(++_fence);
    }
}
