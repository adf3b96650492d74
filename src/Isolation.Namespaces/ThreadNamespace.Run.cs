using System.Diagnostics.CodeAnalysis;
using Isolation.Namespaces.Visits;
using Isolation.Syscalls;

namespace Isolation.Namespaces;

/// <content>Running delegates inside.</content>
/// <remarks>
/// <para>
/// A delegate has a thread to itself, of the library's own and never of the thread pool, which is in the namespace for as
/// long as the delegate runs. Then it goes home, to the namespaces where the process first used the library. A thread is used
/// again only if the kernel shows its namespaces, ids, capabilities, signal mask and so on as they were; else it ends. As on
/// the pool, what a delegate leaves in <c>[ThreadStatic]</c> fields stays with the thread; for a thread that nobody uses
/// afterwards, and for several namespaces at once, there is <see cref="NamespaceThread"/>.
/// </para>
/// <para>
/// The delegate runs with the caller's <see cref="ExecutionContext"/>: <see cref="AsyncLocal{T}"/> values and culture flow in, changes do
/// not flow out. An exception comes out as the same object. Inside another delegate, <c>Run</c> starts from home again: it
/// does not add a namespace to the outer one's.
/// </para>
/// <para>
/// What stays: sockets, files and mappings that the delegate made belong to the namespace, on whatever thread they are used,
/// and keep it alive. What leaks out: <see cref="Task.Run(Action)"/>, <see cref="Parallel"/>, timers' callbacks and whatever
/// comes after <c>ConfigureAwait(false)</c> run on the thread pool, outside. What leaks in: a new <see cref="Thread"/> is in the
/// namespaces of the one that starts it (clone(2)), for as long as it lives. The runtime's own threads (timers, sockets,
/// signals, growth of the pool) are made at home before the first delegate runs. Only when a delegate queues work to a pool that
/// has meanwhile lost all its threads for want of work (after 20 seconds) is the new thread made inside. It is sent home as soon as
/// it runs work with the delegate's ExecutionContext, except from a mount namespace, and where the process is root of a user
/// namespace only and may not go back. So better queue no work from inside. The collector and the compiler may make helper
/// threads inside, which hold the namespace for some seconds.
/// </para>
/// <para>Containers and processes that the library starts do not inherit the delegate's namespaces; those of <see cref="System.Diagnostics.Process"/> do.</para>
/// </remarks>
[SuppressMessage("ApiDesign", "RS0026", Justification = "The overloads differ in the delegate, as those of Task.Run.")]
public abstract partial class ThreadNamespace
{
    /// <summary>Runs a delegate inside the namespace, on a thread of its own, and waits for it.</summary>
    /// <exception cref="LinuxException">EPERM: CAP_SYS_ADMIN is missing here or in the user namespace that owns this one (setns(2)). The delegate has not run.</exception>
    /// <exception cref="ObjectDisposedException">The handle was disposed.</exception>
    public void Run(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Run(() =>
        {
            action();
            return true;
        });
    }

    /// <summary>Runs a delegate inside the namespace, on a thread of its own, and returns what it returns.</summary>
    /// <exception cref="ArgumentException">The delegate returns a task: that is for <c>RunAsync</c>, since its continuations would run outside.</exception>
    /// <exception cref="LinuxException">As <see cref="Run(Action)"/>.</exception>
    /// <exception cref="ObjectDisposedException">The handle was disposed.</exception>
    public T Run<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Awaitable.Refuse<T>(nameof(function));
        var call = new Call<T>(function);
        VisitorThreads.Begin(new CallVisit<T>(this, call));
        return call.Wait();
    }

    /// <summary>Runs an asynchronous delegate inside the namespace, on a thread of its own, with its continuations until its task ends.</summary>
    /// <remarks>
    /// They come back through a <see cref="SynchronizationContext"/>: after <c>await</c>, not after <c>ConfigureAwait(false)</c>. What still
    /// awaits when the delegate's task has ended, such as an <c>async void</c> method that it called, goes on outside, on the thread pool.
    /// </remarks>
    /// <param name="function">What to run.</param>
    /// <param name="cancellationToken">If it is canceled already, nothing runs. To cancel what runs, hand it to what the delegate awaits.</param>
    /// <exception cref="LinuxException">In the task: as <see cref="Run(Action)"/>.</exception>
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
        VisitorThreads.Begin(new AsyncCallVisit<T>(this, call));
        return call.Task;
    }
}
