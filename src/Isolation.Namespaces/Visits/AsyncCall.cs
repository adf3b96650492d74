using System.Diagnostics.CodeAnalysis;

namespace Isolation.Namespaces.Visits;

/// <summary>An asynchronous function that one thread asks for and another runs.</summary>
/// <param name="function">What to run.</param>
/// <param name="cancellationToken">Whether to begin it at all.</param>
internal sealed class AsyncCall<T>(Func<Task<T>> function, CancellationToken cancellationToken)
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly TaskCompletionSource<T> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<T>? _running;

    /// <summary>What the caller waits for.</summary>
    public Task<T> Task => _finished.Task;

    /// <summary>Begins the function on this thread, in its SynchronizationContext.</summary>
    /// <param name="whenOver">What to do when the function's task has ended, on any thread. It must not block.</param>
    public void Begin(Action whenOver)
    {
        _running = CallContext.Run(_context, Invoke);
        _running.ContinueWith(
            static (_, whenOver) => ((Action)whenOver!)(),
            whenOver,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>The function was not run, for this reason.</summary>
    public void Fail(Exception reason) => _running = System.Threading.Tasks.Task.FromException<T>(reason);

    /// <summary>Lets the caller go on: with the result, all exceptions, or the cancellation.</summary>
    public void Finish() => _finished.SetFromTask(_running!);

    // Async: what the function throws before its first await is in the task too, and a cancellation is one.
    [SuppressMessage("Reliability", "CA2007", Justification = "The function's continuations are to stay inside.")]
    private async Task<T> Invoke()
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await function();
    }
}
