using System.Diagnostics.CodeAnalysis;
using Isolation.Syscalls.Children;

namespace Isolation.Namespaces.Visits;

/// <summary>Runs continuations on the one thread that pumps.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Pump disposes of it at its end.")]
internal sealed class InsideContext : SynchronizationContext
{
    private readonly Lock _lock = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = [];
    private readonly AutoResetEvent _changed = new(initialState: false);
    private bool _isStopped;

    /// <summary>Queues work, unless <see cref="Stop"/> was called.</summary>
    public bool TryPost(SendOrPostCallback callback, object? state)
    {
        lock (_lock)
        {
            if (_isStopped)
                return false;
            _queue.Enqueue((callback, state));
            _changed.Set();
            return true;
        }
    }

    /// <summary>Queues work. After the end it goes to the thread pool: left undone, it would be a finally that never runs.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        // Queued from home: this thread may be the one inside, and the pool may need a new thread.
        if (!TryPost(d, state))
            HomeThread.Post(() => ThreadPool.UnsafeQueueUserWorkItem(d.Invoke, state));
    }

    /// <summary>Does work and waits for it.</summary>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Current == this)
        {
            d(state);
            return;
        }

        var call = new Call<bool>(() =>
        {
            d(state);
            return true;
        });
        Post(
            _ =>
            {
                call.Invoke();
                call.Finish();
            },
            null);
        call.Wait();
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs what is queued, on this thread, until <see cref="Stop"/> is called and nothing is left.</summary>
    /// <remarks>What a callback throws ends the process, as on any thread: it is an async void method's.</remarks>
    public void Pump()
    {
        while (Take() is { } work)
        {
            work.Callback(work.State);
            CallContext.Clear();
        }

        _changed.Dispose();
    }

    public void Stop()
    {
        lock (_lock)
        {
            if (_isStopped)
                return;
            _isStopped = true;
            _changed.Set();
        }
    }

    private (SendOrPostCallback Callback, object? State)? Take()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_queue.TryDequeue(out (SendOrPostCallback, object?) work))
                    return work;
                if (_isStopped)
                    return null;
            }

            _changed.WaitOne();
        }
    }
}
