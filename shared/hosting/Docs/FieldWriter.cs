using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Im.Hosting.Docs;

/// <summary>Writes what is known of fields and parameters into a document that has only their types.</summary>
internal static class FieldWriter
{
    public static void Write(OpenApiDocument document, IReadOnlyDictionary<string, Field> fields)
    {
        var schemas = document.Components!.Schemas!;
        var asked = Asked(document);
        foreach (var (name, schema) in schemas)
        {
            if (schema is not OpenApiSchema { Properties: { } properties } own) continue;
            foreach (var (field, type) in properties.ToList())
            {
                if (fields.GetValueOrDefault($"{name}.{field}") is { } special) Say(type, special);
                else if (fields.GetValueOrDefault(field) is { } known) Say(type, known);
            }

            if (!asked.Contains(name)) MakeAnswer(own);
        }

        foreach (var parameter in Operations(document).SelectMany(operation => operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (fields.GetValueOrDefault(parameter.Name!) is not { } known) continue;
            parameter.Description = known.Description;
            if (known.Example is not null) parameter.Example = Node(known.Example);
            if (parameter.Schema is OpenApiSchema schema)
            {
                Constrain(schema, known);
                // A parameter is there or not; it has no null.
                schema.Type &= ~JsonSchemaType.Null;
            }
        }
    }

    private static void Say(IOpenApiSchema type, Field field)
    {
        if (type is OpenApiSchemaReference reference)
        {
            reference.Description = field.Description;
            return;
        }

        var schema = (OpenApiSchema)type;
        schema.Description = field.Description;
        schema.MaxItems = field.MaxItems;
        if (schema.Items is OpenApiSchema entry) Constrain(entry, field);
        else if (schema.Items is null) Constrain(schema, field);
    }

    private static void Constrain(OpenApiSchema schema, Field field)
    {
        schema.Pattern = field.Pattern ?? schema.Pattern;
        schema.MinLength = field.MinLength;
        schema.MaxLength = field.MaxLength;
        schema.Minimum = field.Min?.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = field.Max?.ToString(CultureInfo.InvariantCulture);
        schema.Format = field.Format ?? schema.Format;
        if (field.Values is { } values) schema.Enum = [.. values.Select(value => (JsonNode)JsonValue.Create(value))];
    }

    /// <summary>Answers leave out what is not there instead of saying null, and may say more in a later version.</summary>
    private static void MakeAnswer(OpenApiSchema schema)
    {
        schema.AdditionalPropertiesAllowed = true;
        schema.AdditionalProperties = null;
        foreach (var (name, type) in schema.Properties!.ToList())
        {
            if (type is OpenApiSchema { OneOf: [_, OpenApiSchemaReference reference] })
            {
                reference.Description = type.Description;
                schema.Properties![name] = reference;
                schema.Required?.Remove(name);
            }
            else if (type is OpenApiSchema own && own.Type?.HasFlag(JsonSchemaType.Null) == true)
            {
                own.Type &= ~JsonSchemaType.Null;
                schema.Required?.Remove(name);
            }
        }
    }

    /// <summary>The schemas that requests are made of.</summary>
    private static HashSet<string> Asked(OpenApiDocument document)
    {
        var found = new HashSet<string>();
        foreach (var operation in Operations(document)) Follow(operation.RequestBody?.Content?.Values.FirstOrDefault()?.Schema);
        return found;

        void Follow(IOpenApiSchema? schema)
        {
            if (schema is OpenApiSchemaReference { Reference.Id: { } id } && !found.Add(id)) return;
            foreach (var part in schema?.Properties?.Values ?? []) Follow(part);
            foreach (var part in schema?.OneOf ?? []) Follow(part);
            if (schema?.Items is { } entry) Follow(entry);
        }
    }

    private static IEnumerable<OpenApiOperation> Operations(OpenApiDocument document) =>
        document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>());

    private static JsonValue Node(object value) => value switch
    {
        int number => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "an example that no parameter has"),
    };
}
