using System.Globalization;
using System.Text.Json;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Load;

public sealed partial class Crowd
{
    private const int PageSize = 200;

    /// <summary>The conversations of two that exist, with their users.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Pairs => _rooms
        .Where(room => room.IsPair && room.Id is not null)
        .ToDictionary(room => room.Id!, IReadOnlyList<string> (room) => [.. room.Permanent.Select(person => person.User)]);

    /// <summary>The whole log of every conversation, through the history of a member for good.</summary>
    public async Task<IReadOnlyList<LoggedMessage>> ReadLogAsync(CancellationToken cancel)
    {
        var log = new List<LoggedMessage>();
        foreach (var room in _rooms.Where(room => room.Id is not null))
        {
            for (long after = 0; await ReadPageAsync(room, after, cancel) is { Count: > 0 } page; after = page[^1].Seq) log.AddRange(page);
        }

        return log;
    }

    /// <summary>As the operator is told.</summary>
    public Task<long> CountGapsAsync(CancellationToken cancel) => _scene.Admin.CountGapsAsync(cancel);

    private async Task<IReadOnlyList<LoggedMessage>> ReadPageAsync(Room room, long after, CancellationToken cancel)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"v1/conversations/{room.Id}/messages?afterSeq={after}&limit={PageSize}");
        var answer = await AskAsync(path, room, cancel);
        return [.. answer.GetProperty("items").EnumerateArray().Select(item => Logged(room.Id!, item))];
    }

    private LoggedMessage Logged(string conversation, JsonElement item)
    {
        var shared = _scene.Journal;
        var type = item.TryGetProperty("type", out var given) ? given.GetString() : null;
        return new LoggedMessage(
            conversation,
            item.GetProperty("seq").GetInt64(),
            shared.Shared(item.GetProperty("mid").GetString()!),
            shared.Shared(item.GetProperty("from").GetString()!),
            shared.Shared(MessageText.IdOf(item.GetProperty("body").GetString()!)),
            type == "application/vnd.im.member+json");
    }
}
