using System.Globalization;
using System.Net.Http.Json;

namespace Im.Client;

public sealed partial class ImApi
{
    /// <param name="limit">Conversations per page; null leaves it to the server.</param>
    /// <param name="after"><see cref="ConversationPage.Next"/> of the page before.</param>
    public Task<ConversationPage> GetConversationsAsync(int? limit = null, string? after = null, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/conversations{Query(("limit", limit), ("after", after))}", ApiJson.Default.ConversationPage, cancellationToken);

    public Task<Conversation> GetConversationAsync(string conversationId, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/conversations/{Id(conversationId)}", ApiJson.Default.Conversation, cancellationToken);

    /// <summary>Creates a group that the caller owns; answers with its id.</summary>
    public async Task<string> CreateGroupAsync(string title, IReadOnlyList<string> members, CancellationToken cancellationToken = default)
    {
        var created = await CallAsync(
            HttpMethod.Post, "v1/conversations", new NewGroup("group", title, members), ApiJson.Default.NewGroup, ApiJson.Default.GroupCreated, cancellationToken);
        return created.ConversationId;
    }

    /// <summary>Only the owner may; others get 403 <c>forbidden</c>, those outside 404.</summary>
    public Task RenameGroupAsync(string conversationId, string title, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Patch, $"v1/conversations/{Id(conversationId)}", JsonContent.Create(new NewTitle(title), ApiJson.Default.NewTitle), cancellationToken);

    public Task AddMemberAsync(string conversationId, string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Put, $"v1/conversations/{Id(conversationId)}/members/{Id(userId)}", null, cancellationToken);

    /// <summary>The owner removes others, anybody removes himself.</summary>
    public Task RemoveMemberAsync(string conversationId, string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Delete, $"v1/conversations/{Id(conversationId)}/members/{Id(userId)}", null, cancellationToken);

    /// <summary>History, ascending by seq; with neither bound the newest.</summary>
    /// <param name="limit">1 to 200; null is 50.</param>
    public async Task<IReadOnlyList<StoredMessage>> GetMessagesAsync(
        string conversationId, long? afterSeq = null, long? beforeSeq = null, int? limit = null, CancellationToken cancellationToken = default)
    {
        var query = Query(("afterSeq", afterSeq), ("beforeSeq", beforeSeq), ("limit", limit));
        return (await GetAsync($"v1/conversations/{Id(conversationId)}/messages{query}", ApiJson.Default.ItemsStoredMessage, cancellationToken)).All;
    }

    private static string Query(params ReadOnlySpan<(string Name, IConvertible? Value)> parameters)
    {
        var query = "";
        foreach (var (name, value) in parameters)
            if (value is not null) query += $"{(query.Length == 0 ? '?' : '&')}{name}={Id(value.ToString(CultureInfo.InvariantCulture))}";
        return query;
    }
}
