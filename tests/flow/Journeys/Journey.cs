using System.Text.Json;
using Im.Flow.Tests.Systems;

namespace Im.Flow.Tests.Journeys;

/// <summary>The answer to "where is my message?", for short asking.</summary>
public sealed record Journey(JsonElement Answer)
{
    public static async Task<Journey> OfAsync(RunningSystem system, string messageId, CancellationToken cancel) =>
        new(await system.Admin.JourneyAsync(messageId, cancel));

    public IReadOnlyList<string> Members => [.. Items.Select(item => Text(item, "userId")!)];

    public (long Members, long Acknowledged) Count =>
        (Answer.GetProperty("count").GetProperty("members").GetInt64(), Answer.GetProperty("count").GetProperty("acknowledged").GetInt64());

    public IReadOnlyDictionary<string, bool> Gateways =>
        Answer.GetProperty("gateways").EnumerateArray().ToDictionary(one => Text(one, "id")!, one => one.GetProperty("answers").GetBoolean());

    /// <summary>Every gateway answered within its two seconds. One that did not is named silent, and what its connections know is not in the answer.</summary>
    public bool IsWhole => Gateways.Values.All(answers => answers);

    private IEnumerable<JsonElement> Items => Answer.GetProperty("items").EnumerateArray();

    public (string? State, string? Reason) Of(TestUser user)
    {
        var item = Items.Single(item => Text(item, "userId") == user.Id);
        return (Text(item, "state"), Text(item, "reason"));
    }

    /// <summary>The user's only device; or the one of this id.</summary>
    public (string? State, string? Reason) DeviceOf(TestUser user, string? device = null)
    {
        var one = Device(user, device);
        return (Text(one, "state"), Text(one, "reason"));
    }

    public JsonElement Device(TestUser user, string? device = null) => Items.Single(item => Text(item, "userId") == user.Id).GetProperty("devices").EnumerateArray()
        .Single(one => device is null || Text(one, "deviceId") == device);

    public override string ToString() => Answer.GetRawText();

    private static string? Text(JsonElement item, string field) => item.TryGetProperty(field, out var text) ? text.GetString() : null;
}
