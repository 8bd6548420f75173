using Im.Hosting.Docs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Im.Hosting.Health;

/// <summary><c>/healthz/live</c>: the process runs. <c>/healthz/ready</c>: it may be given work; names what is degraded, though not to clients.</summary>
internal static class HealthPages
{
    private static readonly string[] GetAndHead = ["GET", "HEAD"];

    public sealed record HealthReport(string Status, IReadOnlyList<string>? Missing = null);

    /// <param name="clientPorts">Doors of clients: whoever comes there is told whether the system works, not what it is made of.</param>
    public static void MapHealth(this IEndpointRouteBuilder routes, IReadOnlyList<int> clientPorts)
    {
        routes.MapMethods("/healthz/live", GetAndHead, () => Results.Json(new HealthReport("live"))).Describe(Live);
        routes.MapMethods("/healthz/ready", GetAndHead, (Dependencies dependencies, HttpContext http) =>
        {
            var missing = dependencies.Missing;
            var status = !dependencies.Ready ? (dependencies.Draining ? "draining" : "starting") : missing.Count > 0 ? "degraded" : "ready";
            var told = clientPorts.Contains(http.Connection.LocalPort) ? null : missing;
            return Results.Json(new HealthReport(status, told), statusCode: dependencies.Ready ? 200 : 503);
        }).Describe(Ready);
    }

    /// <summary>Every door's document has this tag.</summary>
    public static (string Name, string Description) Tag => ("Health", "For load balancers and supervisors; no token is needed.");

    private static readonly Operation Live = new("isLive", Tag.Name, "Does the process run?", "Answers for as long as the process runs, whatever else is away.")
    {
        Answer = Answer.Ok<HealthReport>("It runs.", """{"status":"live"}"""),
        IsPlain = true,
    };

    private static readonly Operation Ready = new(
        "isReady", Tag.Name, "May the process be given work?",
        "A dependency that is away for everybody fails no readiness: the answer is 200 and `degraded`. Only a process that starts or drains says 503.")
    {
        Answer = Answer.Ok<HealthReport>("It takes work.", """{"status":"ready"}"""),
        Otherwise = new Answer(503, "It starts or drains: send work elsewhere.", typeof(HealthReport), """{"status":"starting"}"""),
        IsPlain = true,
    };
}
