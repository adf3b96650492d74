using System.Collections.Concurrent;

namespace Isolation.Syscalls.Children;

/// <summary>
/// One thread that never changes its namespaces, privileges or priority, and makes all threads that live long: a new thread
/// inherits these from the one that makes it (clone(2)), and a caller may have changed its own.
/// </summary>
/// <remarks>Home is where the process's first use of the library was. What runs here is short: it is one thread for all.</remarks>
internal static class HomeThread
{
    private static readonly BlockingCollection<Action> s_work = Start();

    /// <summary>Runs the function at home, and returns what it returns or throws.</summary>
    public static T Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Has the action run at home. It must not throw.</summary>
    public static void Post(Action action) => s_work.Add(action);

    // UnsafeStart: the first caller's AsyncLocal values are none of the next one's.
    private static BlockingCollection<Action> Start()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() => Run(work), maxStackSize: 256 << 10) { IsBackground = true, Name = "isolation-home" }.UnsafeStart();
        return work;
    }

    private static void Run(BlockingCollection<Action> work)
    {
        foreach (Action action in work.GetConsumingEnumerable())
            action();
    }
}
