namespace Isolation.Namespaces;

/// <summary>Runs what changes its thread on a thread of its own, which ends afterwards and never goes to a pool.</summary>
internal static class ThrowawayThread
{
    /// <summary>Returns what the function returns, or throws what it throws.</summary>
    public static T Run<T>(Func<T> function)
    {
        var work = new Task<T>(function);
        var thread = new Thread(() => work.RunSynchronously(TaskScheduler.Default)) { IsBackground = true, Name = "Isolation namespace" };
        thread.UnsafeStart();
        thread.Join();
        return work.GetAwaiter().GetResult();
    }
}
