using Im.Gateway.Sessions;
using Im.Hosting;
using Im.Hosting.Docs;
using Im.Hosting.Sessions;
using Im.Protocol;

namespace Im.Gateway.Api;

/// <summary>
/// Every call behind it has a live session, checked against the truth at each call: an ended one is out at once. Calls that change something are counted for
/// the user, see <see cref="CallLimits"/>.
/// </summary>
public static class SessionFilter
{
    private const string Scheme = "Bearer ";

    /// <summary>Wraps the finished endpoint: an endpoint filter would come after the body was read, and strangers have no body to be read.</summary>
    public static RouteGroupBuilder BehindSession(this RouteGroupBuilder routes)
    {
        routes.WithMetadata(new Secured(AreChangesLimited: true));
        ((IEndpointConventionBuilder)routes).Finally(endpoint =>
        {
            var known = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} answers nothing");
            endpoint.RequestDelegate = async http =>
            {
                if (await RefusalAsync(http) is { } refusal) await refusal.ExecuteAsync(http);
                else await known(http);
            };
        });
        return routes;
    }

    public static SessionRow Of(HttpContext http) =>
        http.Features.Get<SessionRow>() ?? throw new InvalidOperationException("this route is not behind the session filter");

    /// <summary>Why the call may not go on; null where it may, and has its session now.</summary>
    public static async ValueTask<IResult?> RefusalAsync(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var token = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
        if (!SessionId.TryHash(token, out var hash)
            || await http.RequestServices.GetRequiredService<SessionGuard>().FindAsync(hash, http.RequestAborted) is not { } session)
            return Problems.Of(401, Codes.Unauthorized, "log in: no live session came with this call");
        var isChange = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);
        if (isChange && http.RequestServices.GetRequiredService<CallLimits>().Take(session.UserId) is { } wait)
            return Problems.Of(429, Codes.RateLimited, "too many changes at once; try again", wait);
        http.Features.Set(session);
        return null;
    }
}
