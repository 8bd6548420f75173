using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Im.Hosting.Health;

/// <summary><c>/healthz/live</c>: the process runs. <c>/healthz/ready</c>: it may be given work; names what is degraded, and nothing else.</summary>
internal static class HealthPages
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz/live", () => Results.Json(new { status = "live" }));
        routes.MapGet("/healthz/ready", (Dependencies dependencies) =>
        {
            var missing = dependencies.Missing;
            var status = !dependencies.Ready ? (dependencies.Draining ? "draining" : "starting") : missing.Count > 0 ? "degraded" : "ready";
            return Results.Json(new { status, missing }, statusCode: dependencies.Ready ? 200 : 503);
        });
    }
}
