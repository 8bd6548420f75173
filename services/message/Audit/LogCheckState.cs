using System.Text.Json.Serialization;
using Im.Contracts;

namespace Im.Message.Audit;

public enum WalkPhase
{
    /// <summary>The round is over; the next one begins when it is due.</summary>
    Done = 0,

    /// <summary>Along the log, conversation by conversation.</summary>
    Messages = 1,

    /// <summary>Along the members, with what they acknowledged.</summary>
    Members = 2,
}

/// <summary>How far the round is. It is stored with each slice, so that another process goes on where one died.</summary>
/// <param name="High">The conversation where the last slice ended, with <paramref name="Low"/>.</param>
/// <param name="Last">The last seq, or user, of that slice.</param>
/// <param name="StartedAt">Unix milliseconds by the clock of the database, as all times here.</param>
/// <param name="RestUntil">The next round begins then; counts when this one is done.</param>
public sealed record LogWalkState(long Round, WalkPhase Phase, long High, long Low, long Last, long StartedAt, long RestUntil, LogCount Count)
{
    public static LogWalkState None { get; } = new(0, WalkPhase.Done, 0, 0, 0, 0, 0, LogCount.Zero);

    [JsonIgnore]
    public ConversationId Conversation => new(High, Low);

    public LogWalkState Begin(long now) => new(Round + 1, WalkPhase.Messages, 0, 0, 0, now, 0, LogCount.Zero);

    /// <summary>The walk along the log is at its end: now along the members.</summary>
    public LogWalkState Turn() => this with { Phase = WalkPhase.Members, High = 0, Low = 0, Last = 0 };

    public LogWalkState At(ConversationId conversation, long last, LogCount count) =>
        this with { High = conversation.High, Low = conversation.Low, Last = last, Count = count };

    public LogWalkState End(long restUntil) => this with { Phase = WalkPhase.Done, RestUntil = restUntil };
}
