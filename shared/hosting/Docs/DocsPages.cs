using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Im.Hosting.Docs;

/// <summary>
/// <c>/openapi/v1.json</c> and <c>/docs/</c> of a door. The page comes from inside the program, so it works without any other host.
/// </summary>
internal static class DocsPages
{
    private const string Page = "/docs";

    /// <summary>Scripts are files of the page; what it styles at run time it styles inline, and its pictures are in its style sheet.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>The document is the same for all doors' pages: each finds that of its own door beside itself.</summary>
    public static void UseDocsPage(this IApplicationBuilder app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Page), branch => branch.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        }));
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Page[1..];
            page.DocumentTitle = "Im: HTTP API";
            page.SwaggerEndpoint("../openapi/v1.json", "version 1");
            page.EnableDeepLinking();
            page.DisplayOperationId();
        });
    }

    /// <param name="apis">The document by the port of its door. One route for all: two with one path could not be told apart.</param>
    public static void MapDocuments(this IEndpointRouteBuilder routes, IReadOnlyDictionary<int, ApiDocument> apis)
    {
        // Routes do not change while the process runs, so each is made once, when it is first asked for.
        var made = apis.ToDictionary(api => api.Key, api => new Lazy<Task<byte[]>>(() => WriteAsync(routes.ServiceProvider, api.Value.File)));
        routes.MapGet("/openapi/v1.json", async (HttpContext http) => made.TryGetValue(http.Connection.LocalPort, out var document)
            ? Results.Bytes(await document.Value, "application/json; charset=utf-8")
            : Results.NotFound()).ExcludeFromDescription();
    }

    private static async Task<byte[]> WriteAsync(IServiceProvider services, string name)
    {
        await using var scope = services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync();
        return Encoding.UTF8.GetBytes((await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1)).ReplaceLineEndings("\n") + "\n");
    }
}
