using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Options;

namespace Im.Gateway;

/// <summary>The chat page, as files beside the program: each has its address, and nothing else on the disk has one.</summary>
public static class WebPage
{
    public static void MapWebPage(this IEndpointRouteBuilder routes)
    {
        var policy = PolicyFor(routes.ServiceProvider.GetRequiredService<IOptions<GatewayOptions>>().Value);
        var root = Path.Combine(AppContext.BaseDirectory, "web");
        if (!Directory.Exists(root)) return;
        var types = new FileExtensionContentTypeProvider();
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (!types.TryGetContentType(path, out var type) || Path.GetExtension(path) == ".md") continue;
            Map(routes, path == "index.html" ? "/" : "/" + path, file, type, policy);
        }
    }

    /// <summary>
    /// No script or style but our own files, no frame around the page: what users write can never run. Calls go to the other gateways too, since one of them
    /// takes over when this one dies.
    /// </summary>
    private static string PolicyFor(GatewayOptions options) =>
        $"default-src 'self'; connect-src {string.Join(' ', ["'self'", "ws:", "wss:", .. options.AllowedOrigins])}; object-src 'none'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static void Map(IEndpointRouteBuilder routes, string address, string file, string type, string policy) =>
        routes.MapMethods(address, ["GET", "HEAD"], (HttpContext http) =>
    {
        http.Response.Headers.ContentSecurityPolicy = policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-cache";
        return Results.File(file, type, lastModified: File.GetLastWriteTimeUtc(file));
    }).ExcludeFromDescription();
}
