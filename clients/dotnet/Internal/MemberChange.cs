using System.Text.Json;
using Im.Protocol;

namespace Im.Client;

/// <summary>The messages that tell who joined and who left: <c>{"joined":[userId]}</c>.</summary>
internal static class MemberChange
{
    /// <summary>Whether it is the one by which this user came (back) into the conversation.</summary>
    public static bool Joins(ServerFrame.Message message, string? user)
    {
        if (user is null || message.Type != Limits.MemberType) return false;
        try
        {
            using var body = JsonDocument.Parse(message.Body);
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("joined", out var joined)
                && joined.ValueKind == JsonValueKind.Array && joined.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(user));
        }
        catch (JsonException)
        {
            // A type that the server keeps to itself, so this is a newer one; a gap is then one like any other.
            return false;
        }
    }
}
