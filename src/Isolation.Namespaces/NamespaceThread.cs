using System.Diagnostics.CodeAnalysis;
using Isolation.Namespaces.Visits;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation.Namespaces;

/// <summary>A thread that stays in one or several namespaces and runs delegates there, one after the other, until it is disposed.</summary>
/// <remarks>
/// It is for many short delegates, for several namespaces at once, and for delegates that change their thread: nobody else
/// ever uses it. It keeps its namespaces alive, whatever becomes of the handles. What stays inside and what leaks is the same as for
/// <see cref="ThreadNamespace.Run(Action)"/>. All members are safe to use from several threads.
/// </remarks>
[SuppressMessage("ApiDesign", "RS0026", Justification = "The overloads differ in the delegate, as those of Task.Run.")]
public sealed class NamespaceThread : IDisposable
{
    private readonly InsideContext _context = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    /// <summary>Makes the thread and has it enter the namespaces.</summary>
    /// <param name="namespaces">At least one, at most one of each kind.</param>
    /// <exception cref="ArgumentException">No namespace, or two of a kind.</exception>
    /// <exception cref="LinuxException">As <see cref="ThreadNamespace.Run(Action)"/>. The thread has ended.</exception>
    public NamespaceThread(params ReadOnlySpan<ThreadNamespace> namespaces)
    {
        ThreadNamespace[] all = namespaces.ToArray();
        if (all.Length == 0)
            throw new ArgumentException("At least one namespace is needed.", nameof(namespaces));
        NamespaceKinds kinds = NamespaceKinds.None;
        foreach (ThreadNamespace ns in all)
        {
            ArgumentNullException.ThrowIfNull(ns, nameof(namespaces));
            if (kinds.HasFlag(ns.Kind))
                throw new ArgumentException($"A thread is in one namespace of a kind; here are two of {ns.Kind}.", nameof(namespaces));
            kinds |= ns.Kind;
        }

        RuntimeThreads.EnsureMade();
        _thread = HomeThread.Run(() => Start(all));
        try
        {
            _entered.Task.GetAwaiter().GetResult();
        }
        catch
        {
            _thread.Join();
            throw;
        }
    }

    /// <summary>Runs a delegate on the thread, after those that were asked for before, and waits for it. From the thread itself it runs at once.</summary>
    /// <exception cref="ObjectDisposedException">The thread was disposed.</exception>
    public void Run(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Run(() =>
        {
            action();
            return true;
        });
    }

    /// <inheritdoc cref="Run(Action)"/>
    /// <exception cref="ArgumentException">The delegate returns a task: that is for <c>RunAsync</c>.</exception>
    public T Run<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Awaitable.Refuse<T>(nameof(function));
        if (Thread.CurrentThread == _thread)
            return function();
        var call = new Call<T>(function);
        Post(() =>
        {
            call.Invoke();
            call.Finish();
        });
        return call.Wait();
    }

    /// <summary>Runs an asynchronous delegate and its continuations on the thread. While it awaits, others have their turn.</summary>
    /// <param name="function">What to run.</param>
    /// <param name="cancellationToken">If it is canceled before the delegate's turn, nothing runs. To cancel what runs, hand it to what the delegate awaits.</param>
    /// <exception cref="ObjectDisposedException">The thread was disposed.</exception>
    public Task RunAsync(Func<Task> function, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        return RunAsync(Awaitable.WithResult(function), cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(Func{Task}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<Task<T>> function, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        var call = new AsyncCall<T>(function, cancellationToken);

        // Told from home: this thread is inside, and telling queues work to the pool.
        Post(() => call.Begin(whenOver: () => HomeThread.Post(call.Finish)));
        return call.Task;
    }

    /// <summary>Ends the thread after the delegates that were asked for, and waits for it, unless it is the caller. What still awaits then goes on outside, on the thread pool.</summary>
    public void Dispose()
    {
        _context.Stop();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    private Thread Start(ThreadNamespace[] namespaces)
    {
        var thread = new Thread(() => Live(namespaces)) { IsBackground = true, Name = "isolation-inside" };
        thread.UnsafeStart();
        return thread;
    }

    private void Live(ThreadNamespace[] namespaces)
    {
        try
        {
            foreach (ThreadNamespace ns in namespaces)
                ns.Enter();
        }
        catch (Exception e) when (e is LinuxException or ObjectDisposedException)
        {
            _entered.SetException(e);
            return;
        }

        SynchronizationContext.SetSynchronizationContext(_context);
        _entered.SetResult();
        _context.Pump();
    }

    private void Post(Action action)
    {
        RuntimeThreads.EnsurePoolHasOne();
        ObjectDisposedException.ThrowIf(!_context.TryPost(static action => ((Action)action!)(), action), this);
    }
}
