using System.Text.Json.Nodes;

namespace Im.Docs.Tests.OpenApi;

/// <summary>
/// A route that is mapped without <c>.Describe(…)</c>, a field without an entry among the fields, an example that does not fit: each fails here by name.
/// They read what is served, so they hold whether or not the kept documents were written anew.
/// </summary>
public sealed class EveryRouteIsDescribed(RunningDoors doors)
{
    public static TheoryData<string> Documents => new(Contract.Names);

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_operation_has_a_name_a_tag_a_summary_and_a_description(string name)
    {
        var contract = await ServedAsync(name);
        var tags = contract.Root["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()).ToList();
        Assert.All(contract.Operations, operation =>
        {
            Assert.True(operation.Node["operationId"] is not null, $"{operation} has no description: map it with .Describe(…)");
            Assert.Matches("^[a-z][A-Za-z]+$", operation.Id);
            Assert.All((string[])["summary", "description"], part => Assert.False(string.IsNullOrWhiteSpace(operation.Node[part]?.GetValue<string>()), $"{operation}: {part}"));
            Assert.Contains(Assert.Single(operation.Node["tags"]!.AsArray())!.GetValue<string>(), tags);
        });
        Assert.Equal(contract.Operations.Count, contract.Operations.Select(operation => operation.Id).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_answer_has_a_schema_and_an_example_that_fits_it(string name)
    {
        var contract = await ServedAsync(name);
        foreach (var operation in contract.Operations)
        {
            Assert.Contains(operation.Responses.Keys, status => status < 300);
            foreach (var (status, response) in operation.Responses)
            {
                Assert.False(string.IsNullOrWhiteSpace(response["description"]?.GetValue<string>()), $"{operation} {status}");
                if (status is 101 or 204) continue;
                foreach (var (type, content) in response["content"]!.AsObject())
                {
                    var examples = content!["examples"]?.AsObject().Select(one => one.Value!["value"]).ToList() ?? [content["example"]];
                    Assert.All(examples, example => Assert.True(example is not null, $"{operation} {status} {type} has no example"));
                    Assert.All(examples, example => Assert.Empty(contract.Answers.FaultsOf(example, content["schema"])));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_request_has_an_example_that_fits_its_schema(string name)
    {
        var contract = await ServedAsync(name);
        foreach (var operation in contract.Operations)
        {
            if (operation.Body is { } body)
            {
                Assert.True(body["example"] is not null, $"{operation} has no example of its body");
                Assert.Empty(contract.Answers.FaultsOf(body["example"], body["schema"]));
            }

            Assert.All(operation.Parameters, parameter =>
            {
                Assert.False(string.IsNullOrWhiteSpace(parameter["description"]?.GetValue<string>()), $"{operation}: {parameter["name"]}");
                Assert.True(parameter["example"] is not null || parameter["required"] is null, $"{operation}: {parameter["name"]} has no example");
            });
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_refusal_is_a_problem_with_its_codes_named(string name)
    {
        var contract = await ServedAsync(name);
        foreach (var operation in contract.Operations.Where(operation => !operation.Path.StartsWith("/healthz/", StringComparison.Ordinal)))
        {
            Assert.Equal(operation.IsSecured, operation.Responses.ContainsKey(401) && operation.Id != "logIn");
            foreach (var (status, response) in operation.Responses.Where(one => one.Key >= 400))
            {
                var (type, content) = Assert.Single(response["content"]!.AsObject());
                Assert.Equal("application/problem+json", type);
                var codes = contract.Answers.Properties(content!["schema"])["code"]["enum"]!.AsArray();
                Assert.True(codes.Count > 0, $"{operation} {status}");
                Assert.All(content["examples"]!.AsObject(), example => Assert.Equal(status, example.Value!["value"]!["status"]!.GetValue<int>()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_field_is_described(string name)
    {
        var contract = await ServedAsync(name);
        foreach (var (schema, rules) in contract.Root["components"]!["schemas"]!.AsObject())
            foreach (var (field, rule) in rules!["properties"]!.AsObject())
                Assert.False(string.IsNullOrWhiteSpace(rule!["description"]?.GetValue<string>()), $"{schema}.{field} has no entry among the fields of its door");
    }

    private async Task<Contract> ServedAsync(string name) =>
        new(JsonNode.Parse(await doors.Door(name).GetStringAsync("openapi/v1.json", TestContext.Current.CancellationToken))!);
}
