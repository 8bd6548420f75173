using Microsoft.AspNetCore.Http;

namespace Im.Hosting;

/// <summary>What a call of either door may not be, judged before its body is read.</summary>
internal static class RequestRules
{
    /// <summary>Where the web server puts a length that came beside a transfer coding; it reads the body by the coding alone.</summary>
    private const string OtherLength = "X-Content-Length";

    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        // What users wrote is data for whoever opens an answer in a browser, never a page.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count > 0 && (headers.ContentLength is not null || headers.ContainsKey(OtherLength)))
        {
            // Proxy and server may differ about where such a body ends, and the rest would be somebody else's request.
            context.Response.Headers.Connection = "close";
            return Problems.Of(400, "invalid", "a body has one length").ExecuteAsync(context);
        }

        // Nothing here unpacks what clients send, so nothing can be blown up.
        if (headers.ContentEncoding.Any(coding => !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase)))
            return Problems.Of(415, "invalid", "the body comes without a content coding").ExecuteAsync(context);
        return next(context);
    }
}
