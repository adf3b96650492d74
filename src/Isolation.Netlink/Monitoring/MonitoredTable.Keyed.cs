using System.Diagnostics.CodeAnalysis;

namespace Isolation.Netlink;

/// <summary>What was told of one kind, by what tells its values apart. Telling the same again changes nothing.</summary>
/// <param name="remembers">Whether values are kept. Without, changes are only passed on.</param>
internal abstract class MonitoredTable<TKey, T>(bool remembers) : MonitoredTable
    where TKey : notnull
    where T : class
{
    private readonly Dictionary<TKey, (T Value, long Time)>? _told = remembers ? [] : null;
    private HashSet<TKey> _missing = [], _missingBefore = [];

    private protected abstract TKey KeyOf(T value);

    private protected abstract Listing<T> ListAll(RouteClient client);

    private protected abstract NetworkEvent ToChange(T value, T? previous, in ChangeOrigin origin);

    private protected abstract NetworkEvent ToRemoval(T value, in ChangeOrigin origin);

    /// <summary>Whether two values with the same key, which were read one after the other, tell the same.</summary>
    private protected virtual bool AreSame(T before, T now, TimeSpan between) => before.Equals(now);

    /// <summary>Called before a value is put that a message tells: finds the key of another one, whose place it takes.</summary>
    private protected virtual bool TryFindReplaced(T value, in ChangeOrigin origin, [MaybeNullWhen(false)] out TKey replaced)
    {
        replaced = default;
        return false;
    }

    /// <summary>Called when a message tells that a value is gone that was never told.</summary>
    private protected virtual void OnUnknownRemoved(T value)
    {
    }

    /// <summary>Called when a key is new.</summary>
    private protected virtual void OnKeyAdded(TKey key)
    {
    }

    /// <summary>Called when a key is gone.</summary>
    private protected virtual void OnKeyRemoved(TKey key)
    {
    }

    private protected bool Remembers => _told is not null;

    private protected IEnumerable<T> Told => _told is null ? [] : _told.Values.Select(v => v.Value);

    private protected bool IsTold(T value) => _told is not null && _told.ContainsKey(KeyOf(value));

    private protected void Put(T value, in ChangeOrigin origin, List<NetworkEvent> changes)
    {
        T? replaced = _told is not null && TryFindReplaced(value, origin, out TKey? key) ? Forget(key) : null;
        T? previous = Remember(value).Previous;
        changes.Add(ToChange(value, replaced ?? previous, origin));
    }

    private protected void Take(T value, in ChangeOrigin origin, List<NetworkEvent> changes)
    {
        if (_told is not null && Forget(KeyOf(value)) is null)
            OnUnknownRemoved(value);
        changes.Add(ToRemoval(value, origin));
    }

    private protected sealed override bool ListAndCompare(RouteClient client, in ChangeOrigin origin, List<NetworkEvent>? changes)
    {
        Listing<T> list = ListAll(client);
        var missing = new HashSet<TKey>(_told!.Keys);
        foreach (T value in list)
        {
            missing.Remove(KeyOf(value));
            (T? previous, long time) = Remember(value);
            if (previous is null || !AreSame(previous, value, TimeSpan.FromMilliseconds(Environment.TickCount64 - time)))
                changes?.Add(ToChange(value, previous, origin));
        }

        (_missingBefore, _missing) = (_missing, missing);
        return list.IsInterrupted;
    }

    private protected sealed override void TellMissing(bool onlyTwice, in ChangeOrigin origin, List<NetworkEvent>? changes)
    {
        List<TKey> gone = [.. onlyTwice ? _missing.Where(_missingBefore.Contains) : _missing];
        foreach (TKey key in gone)
        {
            if (Forget(key) is { } value)
                changes?.Add(ToRemoval(value, origin));
        }

        if (!onlyTwice)
            _missing.Clear();
    }

    private (T? Previous, long Time) Remember(T value)
    {
        if (_told is null)
            return default;
        TKey key = KeyOf(value);
        (T? previous, long time) = _told.GetValueOrDefault(key);
        _told[key] = (value, Environment.TickCount64);
        _missing.Remove(key);
        if (previous is null)
            OnKeyAdded(key);
        return (previous, time);
    }

    private T? Forget(TKey key)
    {
        _missing.Remove(key);
        if (!_told!.Remove(key, out (T Value, long Time) known))
            return null;
        OnKeyRemoved(key);
        return known.Value;
    }
}
