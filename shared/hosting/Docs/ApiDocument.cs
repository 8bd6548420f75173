namespace Im.Hosting.Docs;

/// <summary>What the OpenAPI document of a door says as a whole; the module of the door holds it.</summary>
/// <param name="File">Name of its copy in the repository, below <c>docs/openapi</c>.</param>
/// <param name="Tags">Name and description, in the order shown.</param>
/// <param name="Scheme">Name and description of the bearer token that <see cref="Secured"/> routes want.</param>
/// <param name="Fields">
/// What each field and parameter is, by its name; <c>Schema.field</c> where one name means several things. Every field has an entry, held by a test.
/// </param>
public sealed record ApiDocument(
    string File,
    string Title,
    string Description,
    IReadOnlyList<(string Name, string Description)> Tags,
    (string Name, string Description) Scheme,
    IReadOnlyDictionary<string, Field> Fields);

/// <summary>What is said of a field besides its type. For a list, all but the description and <paramref name="MaxItems"/> is said of its entries.</summary>
/// <param name="Example">A value as it looks; parameters need one.</param>
public sealed record Field(
    string Description,
    object? Example = null,
    string? Pattern = null,
    int? MinLength = null,
    int? MaxLength = null,
    long? Min = null,
    long? Max = null,
    int? MaxItems = null,
    string? Format = null,
    IReadOnlyList<string>? Values = null);
