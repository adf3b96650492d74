using Xunit.v3;

namespace Isolation.TestKit;

/// <summary>What the labs leave out (tests/lab/guest): the same on each kernel, and slow on an emulated machine.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NativeOnlyAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Runs", "natively")];
}
