using Microsoft.AspNetCore.StaticFiles;

namespace Im.Gateway;

/// <summary>The chat page, as files beside the program: each has its address, and nothing else on the disk has one.</summary>
public static class WebPage
{
    /// <summary>No script or style but our own files, no frame around the page: what users write can never run.</summary>
    private const string Policy = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: https: http:; frame-ancestors 'none'; base-uri 'none'";

    public static void MapWebPage(this IEndpointRouteBuilder routes)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "web");
        if (!Directory.Exists(root)) return;
        var types = new FileExtensionContentTypeProvider();
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (!types.TryGetContentType(path, out var type) || Path.GetExtension(path) == ".md") continue;
            Map(routes, path == "index.html" ? "/" : "/" + path, file, type);
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string address, string file, string type) => routes.MapGet(address, (HttpContext http) =>
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-cache";
        return Results.File(file, type, lastModified: File.GetLastWriteTimeUtc(file));
    });
}
