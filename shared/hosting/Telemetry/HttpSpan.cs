using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Im.Hosting.Telemetry;

/// <summary>
/// What a sampled HTTP request tells of itself: method, route and status. Not the path, which holds ids and names, nor any header.
/// </summary>
internal static class HttpSpan
{
    public static async Task DescribeAsync(HttpContext context, RequestDelegate next)
    {
        // Health is asked every second by whoever watches the process: noise in any share.
        if (context.Request.Path.StartsWithSegments("/healthz")) ImTracing.LeaveRequest();
        if (Activity.Current is not { IsAllDataRequested: true } span)
        {
            await next(context);
            return;
        }

        await next(context);
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerPathFeature>()?.Endpoint;
        var route = RouteOf(endpoint);
        var method = MethodOf(context.Request);
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>As it stands in the documentation: groups of routes leave a slash at the end.</summary>
    private static string? RouteOf(Endpoint? endpoint) =>
        (endpoint as RouteEndpoint)?.RoutePattern.RawText is { } route ? route == "/" ? route : route.TrimEnd('/') : null;

    /// <summary>A client may call its method what it likes; a span has only the known ones.</summary>
    private static string MethodOf(HttpRequest request) => request.Method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS"
        ? request.Method
        : "_OTHER";
}
