using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Im.Docs.Tests;

/// <summary>
/// Checks values against the part of JSON Schema that our documents use; a keyword that it does not know fails, so that nothing is passed unchecked.
/// </summary>
/// <param name="document">What references lead into.</param>
/// <param name="closed">A field that no schema names is a fault, also where clients would ignore it: what the server says is documented.</param>
internal sealed class Schema(JsonNode document, bool closed)
{
    private static readonly HashSet<string> Silent = ["description", "example", "examples", "default", "format", "title", "properties", "required", "additionalProperties"];

    /// <summary>What is wrong, each with the place; empty where the value fits.</summary>
    public IEnumerable<string> FaultsOf(JsonNode? value, JsonNode? schema, string at = "$")
    {
        var rules = Resolve(schema).AsObject();
        var properties = Properties(rules);
        foreach (var (keyword, rule) in rules)
            foreach (var fault in Check(value, keyword, rule!, at)) yield return fault;
        if (value is not JsonObject fields) yield break;
        foreach (var fault in CheckFields(fields, rules, properties, at)) yield return fault;
    }

    public JsonNode Resolve(JsonNode? node)
    {
        while (node?["$ref"]?.GetValue<string>() is { } path)
        {
            node = path.TrimStart('#', '/').Split('/').Aggregate(document, (from, name) => from[name.Replace("~1", "/", StringComparison.Ordinal)]
                ?? throw new InvalidOperationException($"{path} leads nowhere"));
        }

        return node ?? throw new InvalidOperationException("there is no schema");
    }

    /// <summary>The fields that a schema names, those of its parts too.</summary>
    public Dictionary<string, JsonNode> Properties(JsonNode? schema)
    {
        var rules = Resolve(schema).AsObject();
        var named = new Dictionary<string, JsonNode>();
        foreach (var part in rules["allOf"]?.AsArray() ?? [])
            foreach (var (name, rule) in Properties(part)) named.TryAdd(name, rule);
        foreach (var (name, rule) in rules["properties"]?.AsObject() ?? []) named[name] = rule!;
        return named;
    }

    private IEnumerable<string> CheckFields(JsonObject fields, JsonObject rules, Dictionary<string, JsonNode> named, string at)
    {
        foreach (var name in rules["required"]?.AsArray() ?? [])
            if (!fields.ContainsKey(name!.GetValue<string>())) yield return $"{at}: {name} is missing";
        var isMap = rules["additionalProperties"] is JsonObject;
        foreach (var (name, field) in fields)
        {
            if (named.TryGetValue(name, out var rule))
            {
                foreach (var fault in FaultsOf(field, rule, $"{at}.{name}")) yield return fault;
            }
            else if (isMap)
            {
                foreach (var fault in FaultsOf(field, rules["additionalProperties"], $"{at}.{name}")) yield return fault;
            }
            else if (named.Count > 0 && closed)
            {
                yield return $"{at}: {name} is not documented";
            }
        }
    }

    private IEnumerable<string> Check(JsonNode? value, string keyword, JsonNode rule, string at)
    {
        var fits = keyword switch
        {
            "type" => (rule is JsonArray many ? many.Select(one => one!.GetValue<string>()) : [rule.GetValue<string>()]).Any(type => IsOf(value, type)),
            "enum" => rule.AsArray().Any(one => JsonNode.DeepEquals(one, value)),
            "const" => JsonNode.DeepEquals(rule, value),
            "pattern" => value is null || Regex.IsMatch(value.GetValue<string>(), rule.GetValue<string>()),
            "minLength" => value is null || Length(value) >= Number(rule),
            "maxLength" => value is null || Length(value) <= Number(rule),
            "minimum" => Number(value!) >= Number(rule),
            "maximum" => Number(value!) <= Number(rule),
            "maxItems" => value!.AsArray().Count <= Number(rule),
            "minProperties" => value!.AsObject().Count >= Number(rule),
            "maxProperties" => value!.AsObject().Count <= Number(rule),
            "oneOf" => rule.AsArray().Count(one => !FaultsOf(value, one, at).Any()) == 1,
            "allOf" or "items" => true,
            _ => Silent.Contains(keyword) ? true : throw new NotSupportedException($"{at}: the keyword {keyword}"),
        };
        if (!fits) yield return $"{at}: {value?.ToJsonString() ?? "null"} breaks {keyword} {rule.ToJsonString()}";
        if (keyword == "items" && value is JsonArray entries)
        {
            for (var i = 0; i < entries.Count; i++)
                foreach (var fault in FaultsOf(entries[i], rule, $"{at}[{i}]")) yield return fault;
        }

        // A part need not name what the other parts name.
        if (keyword != "allOf") yield break;
        foreach (var part in rule.AsArray())
            foreach (var fault in new Schema(document, closed: false).FaultsOf(value, part, at)) yield return fault;
    }

    private static bool IsOf(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue text && text.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value is JsonValue flag && flag.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "integer" => value is JsonValue number && long.TryParse(number.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ => throw new NotSupportedException($"the type {type}"),
    };

    private static long Number(JsonNode node) => long.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private static int Length(JsonNode text) => text.GetValue<string>().EnumerateRunes().Count();
}
