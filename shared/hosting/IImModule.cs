using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Im.Hosting;

/// <summary>Where a module is reached over HTTP. Each door has a port of its own, so that one never answers for the other.</summary>
public enum Door
{
    /// <summary>Only the health pages.</summary>
    None,

    /// <summary>Clients: the gateway.</summary>
    Clients,

    /// <summary>Operators and products: admin.</summary>
    Operators,
}

/// <summary>A service. All its wiring is in its one module class; a host is a list of modules.</summary>
public interface IImModule
{
    /// <summary>The service's name on the node board, in logs and in traces.</summary>
    string Name { get; }

    Door Door { get; }

    /// <summary>What the OpenAPI document of its door says as a whole; null for a module without routes.</summary>
    ApiDocument? Api => null;

    void AddServices(IHostApplicationBuilder builder);

    /// <summary>The queues of the bus that this module reads, with the consumers on each.</summary>
    IEnumerable<BusEndpoint> Endpoints(NodeIdentity node);

    /// <summary>Routes behind the module's door.</summary>
    void Map(IEndpointRouteBuilder routes);
}
