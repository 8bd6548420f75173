using System.Text.Json;

namespace Im.Chaos.Verdicts.Facts;

/// <summary>The body of a member message, by docs/protocol.md: <c>{"joined":[…]}</c> or <c>{"left":[…]}</c>.</summary>
internal sealed record MemberChange(IReadOnlyList<string> Joined, IReadOnlyList<string> Left)
{
    private static readonly MemberChange Nothing = new([], []);

    /// <summary>What is no such body changes nothing; that it is none shows where the log is compared.</summary>
    public static MemberChange Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new MemberChange(Users(json.RootElement, "joined"), Users(json.RootElement, "left"))
                : Nothing;
        }
        catch (JsonException)
        {
            return Nothing;
        }
    }

    private static string[] Users(JsonElement body, string name) =>
        body.TryGetProperty(name, out var users) && users.ValueKind == JsonValueKind.Array
            ? [.. users.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)]
            : [];
}
