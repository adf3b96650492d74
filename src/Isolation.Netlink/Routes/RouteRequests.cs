using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A new route.</summary>
internal readonly record struct NewRouteRequest(Route Route) : IRequestBody
{
    public void WriteTo(MessageWriter writer) => Route.WriteAsNew(writer);
}

/// <summary>A route that is to go.</summary>
internal readonly record struct DeleteRouteRequest(Route Route) : IRequestBody
{
    public void WriteTo(MessageWriter writer) => Route.WriteAsDeleted(writer);
}
