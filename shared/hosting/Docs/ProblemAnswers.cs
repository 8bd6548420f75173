using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Im.Hosting.Docs;

/// <summary>Refusals in the document: one schema for all problems, and an answer for each status with the codes that come with it.</summary>
internal static class ProblemAnswers
{
    public const string Schema = "Problem";
    private const string MediaType = "application/problem+json";

    /// <summary>What may happen to every call of a kind, whatever it does.</summary>
    public static IEnumerable<(int Status, string Code)> OfKind(bool isSecured, bool isLimited, bool hasBody, bool hasQuery)
    {
        if (hasBody || hasQuery) yield return (400, "invalid");
        if (isSecured) yield return (401, "unauthorized");
        if (hasBody) yield return (413, "too_big");
        if (hasBody) yield return (415, "invalid");
        if (isLimited) yield return (429, "rate_limited");
        yield return (500, "unavailable");
        yield return (503, "unavailable");
    }

    /// <summary>The answer with this status, from now on a component of the document.</summary>
    public static IOpenApiResponse AddTo(OpenApiDocument document, int status, IEnumerable<string> problems)
    {
        var codes = problems.Distinct().Order(StringComparer.Ordinal).ToList();
        var id = $"{status}.{string.Join('.', codes)}";
        document.AddComponent<IOpenApiResponse>(id, ResponseOf(document, status, codes));
        return new OpenApiResponseReference(id, document);
    }

    public static OpenApiSchema SchemaOf(IEnumerable<string> codes) => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why a call was refused (RFC 9457). Programs decide by `code`; `title` and `detail` are for people and may change.",
        Required = new HashSet<string> { "type", "title", "status", "code", "detail" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("Always `about:blank`: the meaning is in `code`."),
            ["title"] = Text("The name of the HTTP status."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "400", Maximum = "599", Description = "The HTTP status." },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = Nodes(codes), Description = "The stable code of the refusal." },
            ["detail"] = Text("What is wrong, in a sentence."),
        },
    };

    private static OpenApiResponse ResponseOf(OpenApiDocument document, int status, IReadOnlyList<string> codes)
    {
        var response = new OpenApiResponse
        {
            Description = string.Join(" ", codes.Select(code => $"`{code}`: {DetailOf(status, code)}.")),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaType] = new()
                {
                    Schema = new OpenApiSchema { AllOf = [new OpenApiSchemaReference(Schema, document), NarrowTo(codes)] },
                    Examples = codes.ToDictionary(code => code, code => (IOpenApiExample)new OpenApiExample { Summary = code, Value = ExampleOf(status, code) }),
                },
            },
        };
        if (status is 429 or 503) response.Headers = new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = RetryAfter() };
        return response;
    }

    private static OpenApiSchema NarrowTo(IReadOnlyList<string> codes) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = Nodes(codes) } },
    };

    private static OpenApiHeader RetryAfter() => new()
    {
        Description = "Seconds after which a repeat makes sense; absent where nobody knows.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" },
    };

    private static JsonObject ExampleOf(int status, string code) => new()
    {
        ["type"] = "about:blank",
        ["title"] = ReasonPhrases.GetReasonPhrase(status),
        ["status"] = status,
        ["code"] = code,
        ["detail"] = DetailOf(status, code),
    };

    private static string DetailOf(int status, string code) => (status, code) switch
    {
        (415, _) => "the body is application/json",
        (500, _) => "a fault of the server; it is in the log",
        (_, "invalid") => "the body or a parameter is not what this call takes",
        (_, "unauthorized") => "no valid token came with this call",
        (_, "bad_credentials") => "user name or password is wrong",
        (_, "bad_text") => "the text has U+0000 or a lone surrogate",
        (_, "forbidden") => "this is not the caller's to do",
        (_, "blocked") => "one of the two has blocked the other",
        (_, "not_found") => "there is no such thing, or it is not the caller's to see",
        (_, "username_taken") => "this user name is taken",
        (_, "id_reuse") => "this id was used for other content",
        (_, "too_big") => "more than this call takes",
        (_, "too_many") => "too many attempts; wait before the next one",
        (_, "rate_limited") => "too fast; wait before the next one",
        (_, "unavailable") => "a part of the system does not answer; try again",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "a code without words"),
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static List<JsonNode> Nodes(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)JsonValue.Create(text))];
}
