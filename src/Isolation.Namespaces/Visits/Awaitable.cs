using System.Diagnostics.CodeAnalysis;

namespace Isolation.Namespaces.Visits;

/// <summary>Delegates that return something to await.</summary>
internal static class Awaitable
{
    /// <summary>Refuses results that go on after the delegate has returned.</summary>
    public static void Refuse<T>(string parameter)
    {
        if (typeof(T).IsAssignableTo(typeof(Task)) || typeof(T) == typeof(ValueTask)
            || (typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(ValueTask<>)))
            throw new ArgumentException("The delegate returns a task, whose continuations would run outside: use RunAsync.", parameter);
    }

    /// <summary>The same function, with a result that says nothing.</summary>
    [SuppressMessage("Reliability", "CA2007", Justification = "The function's continuations are to stay inside.")]
    public static Func<Task<bool>> WithResult(Func<Task> function) => async () =>
    {
        await function();
        return true;
    };
}
