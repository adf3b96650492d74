using System.Diagnostics;

namespace Isolation.Netlink.Tests;

/// <summary>Reads a monitor beside a test, keeps what was told, and a model of it.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<NetworkEvent> _told = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private int _seen;

    public Watcher(RouteClient client, MonitorOptions? options = null, Func<NetworkEvent, Task>? slow = null)
    {
        Monitor = client.OpenMonitor(options);
        _reading = Task.Run(async () =>
        {
            try
            {
                await foreach (NetworkEvent change in Monitor.ReadAllAsync(_stop.Token))
                {
                    if (slow is not null)
                        await slow(change);
                    lock (_told)
                    {
                        _told.Add(change);
                        Model.Apply(change);
                    }
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
        });
    }

    public NetworkMonitor Monitor { get; }

    public NetworkModel Model { get; } = new();

    public NetworkEvent[] Told
    {
        get
        {
            lock (_told)
                return [.. _told];
        }
    }

    /// <summary>Looks at the model while nothing changes it.</summary>
    public T Look<T>(Func<NetworkModel, T> look)
    {
        lock (_told)
            return look(Model);
    }

    /// <summary>Waits for the next change of a type that fits, and forgets those before it.</summary>
    public T Expect<T>(Func<T, bool>? fits = null)
        where T : NetworkEvent
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; Thread.Sleep(2))
        {
            if (_reading.IsFaulted)
                _reading.GetAwaiter().GetResult();
            lock (_told)
            {
                while (_seen < _told.Count)
                {
                    if (_told[_seen++] is T change && fits?.Invoke(change) != false)
                        return change;
                }
            }
        }

        throw new TimeoutException($"No {typeof(T).Name} came that fits:\n{string.Join('\n', Told.TakeLast(50))}");
    }

    /// <summary>Waits until something holds of the model.</summary>
    public void Until(Func<NetworkModel, bool> holds, Func<string>? otherwise = null)
    {
        for (long start = Stopwatch.GetTimestamp(); !Look(holds); Thread.Sleep(20))
        {
            if (_reading.IsFaulted)
                _reading.GetAwaiter().GetResult();
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException(otherwise?.Invoke() ?? $"It does not hold:\n{string.Join('\n', Told.TakeLast(50))}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        await Monitor.DisposeAsync();
        _stop.Dispose();
    }
}
