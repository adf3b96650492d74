namespace Isolation.Benchmarks.Compare;

/// <summary>What a contender needs is not on this machine: the others are compared without it.</summary>
internal sealed class MissingPeerException(string what) : Exception($"{what} is not installed");
