using System.Text.Json;
using Im.Contracts.Messages;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Im.Hosting;

/// <summary>
/// Every refusal over HTTP is RFC 9457 <c>application/problem+json</c> with a stable <c>code</c>; a fault of ours shows no more than that it was ours.
/// </summary>
public static class Problems
{
    public static IResult Of(int status, string code, string detail, int? retryAfterMs = null) => new Problem(status, code, detail, retryAfterMs);

    /// <summary>The answer to the client for a service's refusal.</summary>
    public static IResult Of(Refused refused) => Of(StatusOf(refused.Code), refused.Code, refused.Detail, refused.RetryAfterMs);

    public static int StatusOf(string code) => code switch
    {
        "invalid" or "bad_frame" or "bad_text" => StatusCodes.Status400BadRequest,
        "unauthorized" or "bad_credentials" or "session_ended" => StatusCodes.Status401Unauthorized,
        "forbidden" or "blocked" => StatusCodes.Status403Forbidden,
        "not_found" => StatusCodes.Status404NotFound,
        "username_taken" or "id_reuse" => StatusCodes.Status409Conflict,
        "too_big" => StatusCodes.Status413PayloadTooLarge,
        "too_many" or "rate_limited" => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>Bad JSON and the like come as exceptions of the framework; they keep their status and lose their stack.</summary>
    public static Task OnExceptionAsync(HttpContext context)
    {
        var fault = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = fault switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Of(413, "too_big", "the body is too big"),
            BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Of(415, "invalid", "the body is application/json"),
            BadHttpRequestException { InnerException: JsonException json } => Of(400, "invalid", BadJson.DetailOf(json)),
            BadHttpRequestException => Of(400, "invalid", "the body or a parameter is not what this call takes"),
            System.Data.Common.DbException or TimeoutException => Of(503, "unavailable", "the storage does not answer; try again", 1000),
            _ => Of(500, "unavailable", "a fault of the server; it is in the log", 1000),
        };
        return problem.ExecuteAsync(context);
    }

    public static Task OnStatusAsync(StatusCodeContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        var problem = status switch
        {
            404 => Of(404, "not_found", "there is nothing at this address"),
            405 => Of(405, "invalid", "this address does not take that method"),
            400 => Of(400, "invalid", "the body or a parameter is not what this call takes"),
            413 => Of(413, "too_big", "the body is too big"),
            415 => Of(415, "invalid", "the body is application/json"),
            401 => Of(401, "unauthorized", "log in first"),
            _ => Of(status, "invalid", "the request cannot be answered"),
        };
        return problem.ExecuteAsync(context.HttpContext);
    }

    private sealed class Problem(int status, string code, string detail, int? retryAfterMs) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            // An exception has cleared what was set before.
            httpContext.Response.Headers.XContentTypeOptions = "nosniff";
            // RFC 9110, section 15.5.2: an answer 401 says how to come in.
            if (status == StatusCodes.Status401Unauthorized) httpContext.Response.Headers.WWWAuthenticate = "Bearer";
            if (retryAfterMs is { } after)
                httpContext.Response.Headers.RetryAfter = ((after + 999) / 1000).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return httpContext.Response.WriteAsJsonAsync(
                new { type = "about:blank", title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, code, detail },
                options: null,
                contentType: "application/problem+json",
                httpContext.RequestAborted);
        }
    }
}
