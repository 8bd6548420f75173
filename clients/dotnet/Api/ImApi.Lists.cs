using System.Runtime.CompilerServices;

namespace Im.Client;

public sealed partial class ImApi
{
    /// <summary>All of the user's conversations, newest message first, fetched page by page as the loop goes on.</summary>
    /// <remarks>A conversation that gets a message while the loop runs may be missed or come twice: they are ordered by their newest message.</remarks>
    /// <param name="pageSize">Conversations per call, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the wait for a page.</param>
    public async IAsyncEnumerable<Conversation> ListConversationsAsync(
        int pageSize = 100, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? after = null;
        do
        {
            var page = await GetConversationsAsync(pageSize, after, cancellationToken).ConfigureAwait(false);
            foreach (var conversation in page.Items) yield return conversation;
            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>The history from a seq on, the oldest first, fetched page by page as the loop goes on. It ends with the newest message of that moment.</summary>
    /// <param name="conversationId">Whose history.</param>
    /// <param name="afterSeq">Begin behind this seq; 0: with the first message that the user may see.</param>
    /// <param name="pageSize">Messages per call, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the wait for a page.</param>
    /// <exception cref="ImApiException">404 <c>not_found</c>, also for conversations of others.</exception>
    public async IAsyncEnumerable<StoredMessage> HistoryAsync(
        string conversationId, long afterSeq = 0, int pageSize = 200, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var page = await GetMessagesAsync(conversationId, afterSeq, null, pageSize, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0) yield break;
            foreach (var message in page) yield return message;
            afterSeq = page[^1].Seq;
        }
    }

    /// <summary>The history backwards, the newest first, as somebody reads who scrolls up. It ends with the first message that the user may see.</summary>
    /// <param name="conversationId">Whose history.</param>
    /// <param name="beforeSeq">Begin before this seq; null: with the newest message.</param>
    /// <param name="pageSize">Messages per call, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the wait for a page.</param>
    /// <exception cref="ImApiException">404 <c>not_found</c>, also for conversations of others.</exception>
    public async IAsyncEnumerable<StoredMessage> HistoryBackwardsAsync(
        string conversationId, long? beforeSeq = null, int pageSize = 200, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var page = await GetMessagesAsync(conversationId, null, beforeSeq, pageSize, cancellationToken).ConfigureAwait(false);
            for (var i = page.Count - 1; i >= 0; i--) yield return page[i];
            if (page.Count == 0 || page[0].Seq <= 1) yield break;
            beforeSeq = page[0].Seq;
        }
    }
}
