using Im.Gateway.Sessions;
using Im.Hosting;
using Im.Hosting.Sessions;
using Im.Protocol;

namespace Im.Gateway.Api;

/// <summary>
/// Every call behind it has a live session, checked against the truth at each call: an ended one is out at once. Calls that change something are counted for
/// the user, see <see cref="CallLimits"/>.
/// </summary>
public sealed class SessionFilter(SessionGuard sessions, CallLimits limits) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var header = http.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
        if (!SessionId.TryHash(token, out var hash) || await sessions.FindAsync(hash, http.RequestAborted) is not { } session)
            return Problems.Of(401, Codes.Unauthorized, "log in: no live session came with this call");
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method) && limits.Take(session.UserId) is { } wait)
            return Problems.Of(429, Codes.RateLimited, "too many changes at once; try again", wait);
        http.Features.Set(session);
        return await next(context);
    }

    public static SessionRow Of(HttpContext http) =>
        http.Features.Get<SessionRow>() ?? throw new InvalidOperationException("this route is not behind the session filter");
}
