using Microsoft.Extensions.Options;

namespace Im.Gateway.Api;

/// <summary>
/// Lets pages of <c>Im:Gateway:AllowedOrigins</c> call /v1: the chat page of a gateway that has died asks the next one for histories and lists. The session
/// travels in a header that the page sets itself and never in a cookie, so a foreign page gains nothing that any other program does not have.
/// </summary>
public sealed class PageOrigins(IOptions<GatewayOptions> options) : IStartupFilter
{
    /// <summary>A browser asks again after this time whether it may call; ten minutes spare it most of the questions.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        string[] origins = [.. options.Value.AllowedOrigins];
        if (origins.Length > 0) app.UseWhen(http => http.Request.Path.StartsWithSegments("/v1"), calls => Allow(calls, origins));
        next(app);
    };

    private static void Allow(IApplicationBuilder calls, string[] origins) => calls.UseCors(policy => policy
        .WithOrigins(origins)
        .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders("Authorization", "Content-Type")
        .WithExposedHeaders("Retry-After")
        .SetPreflightMaxAge(Remembered));
}
