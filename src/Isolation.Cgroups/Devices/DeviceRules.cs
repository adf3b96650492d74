using System.Collections;
using System.Collections.Immutable;

namespace Isolation.Cgroups;

/// <summary>Which devices may be used. Of the rules that are about an access to a device, the last decides; without one it is denied.</summary>
/// <remarks>The kernel's verifier takes some hundred rules: what it has to look at grows with their square. Reading, writing and making a node are decided each by itself, and an access is allowed when all that it asks for is.</remarks>
public sealed class DeviceRules : IReadOnlyList<DeviceRule>
{
    private readonly ImmutableArray<DeviceRule> _rules;

    private DeviceRules(ImmutableArray<DeviceRule> rules) => _rules = rules;

    /// <summary>Nothing is allowed.</summary>
    public static DeviceRules DenyAll { get; } = new([]);

    /// <summary>
    /// What containers have everywhere (OCI runtime specification, "Default Devices"): nodes of any device can be made, and null,
    /// zero, full, random, urandom, tty, console, ptmx and the pseudo-terminals used.
    /// </summary>
    public static DeviceRules ContainerDefault { get; } = DenyAll
        .Allow("c *:* m").Allow("b *:* m")
        .Allow("c 1:3 rwm").Allow("c 1:5 rwm").Allow("c 1:7 rwm").Allow("c 1:8 rwm").Allow("c 1:9 rwm")
        .Allow("c 5:0 rwm").Allow("c 5:1 rwm").Allow("c 5:2 rwm").Allow("c 136:* rwm");

    /// <inheritdoc/>
    public int Count => _rules.Length;

    /// <inheritdoc/>
    public DeviceRule this[int index] => _rules[index];

    /// <summary>Allows, written as <c>c 1:3 rwm</c>.</summary>
    /// <exception cref="FormatException">It is no rule.</exception>
    public DeviceRules Allow(string rule) => With(DeviceRule.Parse(isAllowed: true, rule));

    /// <summary>Denies, written as <c>b 8:* w</c>.</summary>
    /// <exception cref="FormatException">It is no rule.</exception>
    public DeviceRules Deny(string rule) => With(DeviceRule.Parse(isAllowed: false, rule));

    /// <summary>Appends a rule.</summary>
    public DeviceRules With(DeviceRule rule) => new(_rules.Add(rule));

    /// <summary>Whether an access is allowed, by the same rules as the kernel's program decides it.</summary>
    public bool Allows(DeviceKind kind, int major, int minor, DeviceAccess access)
    {
        DeviceAccess left = access;
        foreach (DeviceRule rule in _rules.Reverse())
        {
            if ((rule.Kind != DeviceKind.Any && rule.Kind != kind) || (rule.Major ?? major) != major || (rule.Minor ?? minor) != minor)
                continue;
            if (!rule.IsAllowed && (left & rule.Access) != DeviceAccess.None)
                return false;
            if (rule.IsAllowed && (left &= ~rule.Access) == DeviceAccess.None)
                return true;
        }

        return left == DeviceAccess.None;
    }

    /// <inheritdoc/>
    public IEnumerator<DeviceRule> GetEnumerator() => ((IEnumerable<DeviceRule>)_rules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
