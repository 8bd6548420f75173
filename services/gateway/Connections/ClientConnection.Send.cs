using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Protocol;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    /// <summary>A send that nobody answered for so long is answered <c>unavailable</c>: 3 s for the hand-over, the rest for the commit, 4 s in all.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3.5);

    /// <summary>Sends of this connection without an answer; the time is 0 once they were given up, but their message is still known as ours.</summary>
    private readonly Dictionary<string, long> _unanswered = [];

    private int _waiting;

    private void Submit(ClientFrame.Send send)
    {
        var session = _session!;
        if (_services.LimitRates && _sends.Take() is > 0 and var wait)
        {
            Send(new ServerFrame.Rejected(send.Id, Codes.RateLimited, true, wait));
            return;
        }

        if (!TryResolve(send.To, session.User, out var conversation, out var mayCreate))
        {
            Send(new ServerFrame.Rejected(send.Id, Codes.NotFound, false));
            return;
        }

        var came = _services.Time.GetTimestamp();
        lock (_lock)
        {
            if (_waiting >= _services.Options.MaxUnanswered)
            {
                Send(new ServerFrame.Rejected(send.Id, Codes.RateLimited, true, 1000));
                return;
            }

            if (_unanswered.Count >= 2 * _services.Options.MaxUnanswered) ForgetGivenUp();
            if (_unanswered.GetValueOrDefault(send.Id) == 0) _waiting++;
            _unanswered[send.Id] = came;
        }

        var type = send.Type == Limits.DefaultType ? null : send.Type;
        var submission = new Submission(SubmissionKind.Send, Number, session.User, send.Id, conversation, mayCreate, send.Body, type, Trace: BeginTrace(send, conversation));
        if (!_services.Submitter.TrySubmit(this, submission, came)) Refuse(send.Id, Codes.Unavailable, 500);
    }

    /// <summary>A user's id names the conversation with him; ids that cannot be are as unknown as those of others.</summary>
    private static bool TryResolve(Target to, long sender, out ConversationId conversation, out bool mayCreate)
    {
        mayCreate = to.User is not null;
        if (!mayCreate) return ConversationId.TryParse(to.Conversation, out conversation) && (conversation.IsGroup || conversation.IsBetween(sender));
        var known = Ids.TryParse(to.User, out var user);
        conversation = known ? ConversationId.Direct(sender, user) : default;
        return known;
    }

    /// <summary>Not stored, as far as this gateway knows: the client repeats it with the same id.</summary>
    public void Refuse(string clientId, string code, int? retryAfterMs)
    {
        lock (_lock) RefuseWaiting(clientId, code, retryAfterMs);
        Wake();
    }

    /// <summary>
    /// Under the lock, and the answer goes into the outbox under the same: the true one may come at this moment, and a refusal behind it would be a second answer.
    /// </summary>
    private void RefuseWaiting(string clientId, string code, int? retryAfterMs)
    {
        if (!_unanswered.TryGetValue(clientId, out var since) || since == 0) return;
        _waiting--;
        if (Codes.IsRetryable(code)) _unanswered[clientId] = 0;
        else _unanswered.Remove(clientId);
        EndTrace(clientId, code);
        if (_close is null) Add(new ServerFrame.Rejected(clientId, code, Codes.IsRetryable(code), retryAfterMs));
    }

    /// <summary>True where this connection sent it and was not told its place yet. Under the lock.</summary>
    /// <param name="code">Why it is refused; null where it is accepted.</param>
    private bool TryAnswered(string clientId, string? code = null) => TryAnswered(clientId, code, out _);

    /// <param name="since">When it came; 0 where it was given up meanwhile.</param>
    private bool TryAnswered(string clientId, string? code, out long since)
    {
        EndTrace(clientId, code);
        if (!_unanswered.Remove(clientId, out since)) return false;
        if (since != 0) _waiting--;
        return true;
    }

    private void ForgetGivenUp()
    {
        foreach (var id in _unanswered.Where(entry => entry.Value == 0).Select(entry => entry.Key).ToArray()) _unanswered.Remove(id);
    }

    private void RefuseOverdue()
    {
        if (_waiting == 0) return;
        List<string>? overdue = null;
        lock (_lock)
        {
            foreach (var (id, since) in _unanswered)
                if (since != 0 && _services.Time.GetElapsedTime(since) > AnswerLimit) (overdue ??= []).Add(id);
            foreach (var id in overdue ?? []) RefuseWaiting(id, Codes.Unavailable, 1000);
        }

        if (overdue is not null) Wake();
    }
}
