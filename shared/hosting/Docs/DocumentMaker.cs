using System.Text.Json.Nodes;
using Im.Hosting.Health;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Im.Hosting.Docs;

/// <summary>
/// Makes the OpenAPI 3.1 document of a door: routes and types come from the framework, meaning from <see cref="Operation"/> and <see cref="Field"/>.
/// </summary>
internal static class DocumentMaker
{
    public static void AddDocument(this IServiceCollection services, Door door, ApiDocument api) => services.AddOpenApi(api.File, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        // HEAD is GET without the body; what no door claims (the health pages) is behind all of them.
        options.ShouldInclude = route => route.HttpMethod != "HEAD"
            && (route.ActionDescriptor.EndpointMetadata.OfType<DoorPort>().LastOrDefault() is not { } own || own.Door == door);
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context, api);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            Complete(document, api);
            return Task.CompletedTask;
        });
    });

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, ApiDocument api)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var document = context.Document!;
        if (metadata.OfType<Operation>().LastOrDefault() is not { } described) return;
        operation.OperationId = described.Id;
        operation.Summary = described.Summary;
        operation.Description = described.Description;
        operation.Tags = new HashSet<OpenApiTagReference> { new(described.Tag, document) };
        var secured = metadata.OfType<Secured>().LastOrDefault();
        // An empty requirement says that no token is needed; nothing said would leave it open.
        operation.Security = [secured is not null ? new() { [new OpenApiSecuritySchemeReference(api.Scheme.Name, document)] = [] } : []];
        if (operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true && described.Body is not null)
            body.Example = JsonNode.Parse(described.Body);
        AddAnswers(operation, described, document, secured is not null, secured?.AreChangesLimited == true && context.Description.HttpMethod != "GET");
    }

    private static void AddAnswers(OpenApiOperation operation, Operation described, OpenApiDocument document, bool isSecured, bool isLimited)
    {
        Say(operation, described.Answer);
        if (described.Otherwise is { } otherwise) Say(operation, otherwise);
        if (described.IsPlain) return;
        var hasQuery = operation.Parameters?.Any(one => one.In == ParameterLocation.Query) == true;
        var general = ProblemAnswers.OfKind(isSecured, isLimited, operation.RequestBody is not null, hasQuery);
        foreach (var problems in described.Problems.Concat(general).GroupBy(problem => problem.Status).OrderBy(group => group.Key))
            operation.Responses![$"{problems.Key}"] = ProblemAnswers.AddTo(document, problems.Key, problems.Select(problem => problem.Code));
    }

    private static void Say(OpenApiOperation operation, Answer answer)
    {
        var response = (OpenApiResponse)operation.Responses![$"{answer.Status}"];
        response.Description = answer.Description;
        if (answer.Json is { } json && response.Content?.TryGetValue("application/json", out var content) == true) content.Example = JsonNode.Parse(json);
    }

    private static void Complete(OpenApiDocument document, ApiDocument api)
    {
        document.Info = new OpenApiInfo { Title = api.Title, Version = "1", Description = api.Description };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The host that serves this document." }];
        document.Tags = api.Tags.Append(HealthPages.Tag).Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [api.Scheme.Name] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = api.Scheme.Description },
        };
        var schemas = document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        FieldWriter.Write(document, api.Fields);
        schemas[ProblemAnswers.Schema] = ProblemAnswers.SchemaOf(CodesOf(document));
        document.Components.Schemas = schemas.OrderBy(one => one.Key, StringComparer.Ordinal).ToDictionary();
        document.Components.Responses = document.Components.Responses?.OrderBy(one => one.Key, StringComparer.Ordinal).ToDictionary();
    }

    private static IEnumerable<string> CodesOf(OpenApiDocument document) =>
        (document.Components!.Responses?.Keys ?? []).SelectMany(id => id.Split('.')[1..]).Distinct().Order(StringComparer.Ordinal);
}
