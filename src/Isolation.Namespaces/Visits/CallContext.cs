namespace Isolation.Namespaces.Visits;

/// <summary>The ExecutionContext of a thread that runs the functions of others: theirs for as long as they run, an empty one between.</summary>
internal static class CallContext
{
    // That of a thread which nobody's context flowed into.
    private static readonly ExecutionContext s_empty = Isolation.Syscalls.Children.HomeThread.Run(static () => ExecutionContext.Capture()!);

    /// <param name="context">The caller's; null when the caller suppressed the flow.</param>
    /// <param name="function">What to run.</param>
    public static T Run<T>(ExecutionContext? context, Func<T> function)
    {
        ExecutionContext.Restore(context ?? s_empty);
        try
        {
            PoolGuard.Mark();
            return function();
        }
        finally
        {
            Clear();
        }
    }

    /// <summary>Forgets the AsyncLocal values, culture and principal of whatever ran on this thread.</summary>
    public static void Clear() => ExecutionContext.Restore(s_empty);
}
