using System.Globalization;
using System.Net.Http.Json;

namespace Im.Client;

public sealed partial class ImApi
{
    /// <summary>One page of the user's conversations, newest message first; <see cref="ListConversationsAsync"/> goes through all.</summary>
    /// <param name="limit">Conversations per page, 1 to 200; null leaves it to the server (50).</param>
    /// <param name="after"><see cref="ConversationPage.Next"/> of the page before.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ConversationPage> GetConversationsAsync(int? limit = null, string? after = null, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/conversations{Query(("limit", limit), ("after", after))}", ApiJson.Default.ConversationPage, cancellationToken);

    /// <summary>One conversation with all its members, in the order of joining.</summary>
    /// <exception cref="ImApiException">404 <c>not_found</c>, also for conversations of others.</exception>
    public Task<Conversation> GetConversationAsync(string conversationId, CancellationToken cancellationToken = default) =>
        GetAsync($"v1/conversations/{Id(conversationId)}", ApiJson.Default.Conversation, cancellationToken);

    /// <summary>Creates a group that the caller owns and is a member of; answers with its id.</summary>
    /// <param name="title">1 to 100 characters, no control characters.</param>
    /// <param name="members">User ids; the caller need not be among them.</param>
    /// <param name="cancellationToken">Ends the wait; the group may exist nevertheless.</param>
    /// <exception cref="ImApiException">400 <c>invalid</c>, 404 <c>not_found</c> (no such user).</exception>
    public async Task<string> CreateGroupAsync(string title, IReadOnlyList<string> members, CancellationToken cancellationToken = default)
    {
        var created = await CallAsync(
            HttpMethod.Post, "v1/conversations", new NewGroup("group", title, members), ApiJson.Default.NewGroup, ApiJson.Default.GroupCreated,
            cancellationToken).ConfigureAwait(false);
        return created.ConversationId;
    }

    /// <summary>Gives a group another title.</summary>
    /// <exception cref="ImApiException">403 <c>forbidden</c> for members other than the owner, 404 <c>not_found</c> for everybody else.</exception>
    public Task RenameGroupAsync(string conversationId, string title, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Patch, $"v1/conversations/{Id(conversationId)}", JsonContent.Create(new NewTitle(title), ApiJson.Default.NewTitle), cancellationToken);

    /// <summary>Adds a user to a group; he gets what is written from then on.</summary>
    /// <exception cref="ImApiException">403 <c>forbidden</c> for members other than the owner, 404 <c>not_found</c>, 400 <c>invalid</c> (the group is full).</exception>
    public Task AddMemberAsync(string conversationId, string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Put, $"v1/conversations/{Id(conversationId)}/members/{Id(userId)}", null, cancellationToken);

    /// <summary>The owner removes others, anybody removes himself.</summary>
    /// <exception cref="ImApiException">403 <c>forbidden</c>, 404 <c>not_found</c>.</exception>
    public Task RemoveMemberAsync(string conversationId, string userId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Delete, $"v1/conversations/{Id(conversationId)}/members/{Id(userId)}", null, cancellationToken);

    /// <summary>One page of the history, ascending by seq; with neither bound the newest. <see cref="HistoryAsync"/> goes through all of it.</summary>
    /// <param name="conversationId">Whose history.</param>
    /// <param name="afterSeq">Only what comes after this seq, the oldest first.</param>
    /// <param name="beforeSeq">Only what comes before this seq, the newest of it.</param>
    /// <param name="limit">1 to 200; null is 50.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ImApiException">404 <c>not_found</c>, also for conversations of others.</exception>
    public async Task<IReadOnlyList<StoredMessage>> GetMessagesAsync(
        string conversationId, long? afterSeq = null, long? beforeSeq = null, int? limit = null, CancellationToken cancellationToken = default)
    {
        var query = Query(("afterSeq", afterSeq), ("beforeSeq", beforeSeq), ("limit", limit));
        return (await GetAsync($"v1/conversations/{Id(conversationId)}/messages{query}", ApiJson.Default.ItemsStoredMessage, cancellationToken)
            .ConfigureAwait(false)).All;
    }

    private static string Query(params ReadOnlySpan<(string Name, IConvertible? Value)> parameters)
    {
        var query = "";
        foreach (var (name, value) in parameters)
            if (value is not null) query += $"{(query.Length == 0 ? '?' : '&')}{name}={Id(value.ToString(CultureInfo.InvariantCulture))}";
        return query;
    }
}
