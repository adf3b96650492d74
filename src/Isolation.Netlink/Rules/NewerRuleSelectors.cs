namespace Isolation.Netlink;

/// <summary>Selectors of rules that came after Linux 6.12.</summary>
[Flags]
internal enum NewerRuleSelectors
{
    CodePoint = 1,
    FlowLabel = 2,
    CodePointMask = 4,
    SourcePortMask = 8,
    DestinationPortMask = 16,
}
