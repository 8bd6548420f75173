using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Im.Hosting.Health;

/// <summary><c>/healthz/live</c>: the process runs. <c>/healthz/ready</c>: it may be given work; names what is degraded, though not to clients.</summary>
internal static class HealthPages
{
    /// <param name="clientPorts">Doors of clients: whoever comes there is told whether the system works, not what it is made of.</param>
    public static void MapHealth(this IEndpointRouteBuilder routes, IReadOnlyList<int> clientPorts)
    {
        routes.MapGet("/healthz/live", () => Results.Json(new { status = "live" }));
        routes.MapGet("/healthz/ready", (Dependencies dependencies, HttpContext http) =>
        {
            var missing = dependencies.Missing;
            var status = !dependencies.Ready ? (dependencies.Draining ? "draining" : "starting") : missing.Count > 0 ? "degraded" : "ready";
            var told = clientPorts.Contains(http.Connection.LocalPort) ? null : missing;
            return Results.Json(new { status, missing = told }, statusCode: dependencies.Ready ? 200 : 503);
        });
    }
}
