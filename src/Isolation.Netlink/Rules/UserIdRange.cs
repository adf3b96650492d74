namespace Isolation.Netlink;

/// <summary>Users from one to another.</summary>
/// <param name="First">The first user's id.</param>
/// <param name="Last">The last user's id.</param>
public readonly record struct UserIdRange(uint First, uint Last);
