using System.Collections.Concurrent;
using Im.Client;
using Im.Protocol;

namespace Im.Tool.Chat;

/// <summary>Where one talks: a user, or a group.</summary>
/// <param name="Name">The other user's name, or the group's title in brackets.</param>
/// <param name="Conversation">Null for two who have not written to each other yet.</param>
/// <param name="Other">The other user of a pair.</param>
internal sealed record Talk(string Name, Target To, string? Conversation, string? Other);

/// <summary>Names for the ids that the protocol speaks in, each asked for once.</summary>
internal sealed class People(ImClient client)
{
    private readonly ConcurrentDictionary<string, string> _names = new();
    private readonly ConcurrentDictionary<string, string> _statuses = new();
    private readonly ConcurrentDictionary<string, Talk> _talks = new();

    public IEnumerable<Talk> Talks => _talks.Values;

    public async Task<string> NameAsync(string userId, CancellationToken cancel)
    {
        if (_names.TryGetValue(userId, out var name)) return name;
        try
        {
            return _names[userId] = Printable.Of((await client.Api.GetUserAsync(userId, cancel)).Username);
        }
        catch (Exception e) when (e is ImApiException or HttpRequestException)
        {
            // A message is shown all the same; the name is asked for again with the next one.
            return userId;
        }
    }

    /// <summary>The name, where it is known already.</summary>
    public string? KnownName(string userId) => _names.GetValueOrDefault(userId);

    public async Task<string> FindAsync(string name, CancellationToken cancel)
    {
        var user = await client.Api.FindUserAsync(name, cancel);
        _names[user.UserId] = user.Username;
        return user.UserId;
    }

    /// <summary>Notes how a user is; true where that is a change.</summary>
    public bool Changes(string userId, string status)
    {
        var before = _statuses.GetValueOrDefault(userId);
        _statuses[userId] = status;
        return before is not null && before != status;
    }

    public string Status(string userId) => _statuses.GetValueOrDefault(userId, "");

    public async Task<Talk> TalkAsync(string conversation, CancellationToken cancel) =>
        _talks.TryGetValue(conversation, out var talk) ? talk : await LearnAsync(await client.Api.GetConversationAsync(conversation, cancel), cancel);

    public async Task<Talk> LearnAsync(Conversation one, CancellationToken cancel)
    {
        if (one.Kind == "group")
            return _talks[one.ConversationId] = new Talk($"[{Printable.Of(one.Title ?? "")}]", Target.ToConversation(one.ConversationId), one.ConversationId, null);
        // Whoever writes to himself is alone in there.
        var other = one.Members?.FirstOrDefault(member => member != client.UserId) ?? client.UserId!;
        return _talks[one.ConversationId] = new Talk(await NameAsync(other, cancel), Target.ToUser(other), one.ConversationId, other);
    }

    public void Forget(string conversation) => _talks.TryRemove(conversation, out _);
}
