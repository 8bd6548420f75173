using System.Text.Json.Nodes;

namespace Im.Docs.Tests.OpenApi;

/// <summary>An OpenAPI document, read.</summary>
internal sealed class Contract
{
    public static readonly IReadOnlyList<string> Names = ["clients", "admin"];

    public Contract(JsonNode root)
    {
        Root = root;
        Answers = new Schema(root, closed: true);
        Operations =
        [
            .. root["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
                .Select(one => new ApiOperation(this, path.Key, one.Key.ToUpperInvariant(), one.Value!.AsObject()))),
        ];
    }

    public JsonNode Root { get; }

    public Schema Answers { get; }

    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>The copy in the repository.</summary>
    public static Contract Kept(string name) => new(JsonNode.Parse(File.ReadAllText(FileOf(name)))!);

    public static string FileOf(string name) => Path.Combine(Repository.Docs, "openapi", $"{name}.json");

    public ApiOperation Operation(string id) => Operations.Single(operation => operation.Id == id);
}

/// <summary>One operation of a document, with references followed.</summary>
internal sealed record ApiOperation(Contract Contract, string Path, string Method, JsonObject Node)
{
    public string Id => Node["operationId"]?.GetValue<string>() ?? $"{Method} {Path}";

    public bool IsSecured => Node["security"]![0]!.AsObject().Count > 0;

    public JsonNode? Body => Node["requestBody"]?["content"]?["application/json"];

    public IEnumerable<JsonNode> Parameters => (Node["parameters"]?.AsArray() ?? []).Select(one => one!);

    public IReadOnlyDictionary<int, JsonNode> Responses =>
        Node["responses"]!.AsObject().ToDictionary(one => int.Parse(one.Key, System.Globalization.CultureInfo.InvariantCulture), one => Contract.Answers.Resolve(one.Value));

    /// <summary>The status of the call that goes well.</summary>
    public int Success => Responses.Keys.Single(status => status < 300);

    /// <summary>What speaks against this answer being a documented one.</summary>
    public IEnumerable<string> FaultsOf(int status, string? mediaType, string body)
    {
        if (!Responses.TryGetValue(status, out var response)) return [$"{Id} does not say that it may answer {status}"];
        if (response["content"] is not { } content) return body.Length == 0 ? [] : [$"{Id} says that {status} has no body"];
        if (mediaType is null || content[mediaType]?["schema"] is not { } schema) return [$"{Id} does not say that {status} is {mediaType}"];
        return Contract.Answers.FaultsOf(JsonNode.Parse(body), schema);
    }

    public override string ToString() => Id;
}
