namespace Isolation.Namespaces.Visits;

/// <summary>What a <see cref="VisitorThread"/> does inside namespaces.</summary>
internal abstract class Visit(params ThreadNamespace[] namespaces)
{
    public IReadOnlyList<ThreadNamespace> Namespaces => namespaces;

    /// <summary>The namespaces cannot be entered.</summary>
    public abstract void Fail(Exception reason);

    /// <summary>Does it, inside.</summary>
    public abstract void Stay();

    /// <summary>Tells who waits. Last, so that nothing that goes on then finds this thread inside.</summary>
    /// <param name="isHome">Whether the thread is back home: one that is not must not queue work to the pool.</param>
    public abstract void Finish(bool isHome);
}

/// <summary>Runs a function.</summary>
internal sealed class CallVisit<T>(ThreadNamespace ns, Call<T> call) : Visit(ns)
{
    public override void Fail(Exception reason) => call.Fail(reason);

    public override void Stay() => call.Invoke();

    public override void Finish(bool isHome) => call.Finish();
}
