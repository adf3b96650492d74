namespace Isolation.Namespaces;

/// <summary>One kind of namespace as a type, so that what opens a namespace gives it back typed: <c>NetworkNamespace.OfThisThread()</c>.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <remarks>The eight kinds are all that implement it.</remarks>
public interface INamespace<TSelf>
    where TSelf : Namespace, INamespace<TSelf>
{
    internal static abstract NamespaceKinds OwnKind { get; }
}
