namespace Im.Hosting.Bus;

/// <summary>A queue of the bus and who reads it.</summary>
/// <param name="Temporary">Goes with the process: events for one node. Otherwise shared by all instances of the service, and durable on a broker of one node.</param>
public sealed record BusEndpoint(string Queue, bool Temporary, IReadOnlyList<Type> Consumers)
{
    public static BusEndpoint Shared(string queue, params Type[] consumers) => new(queue, false, consumers);

    public static BusEndpoint OfNode(string queue, params Type[] consumers) => new(queue, true, consumers);
}
