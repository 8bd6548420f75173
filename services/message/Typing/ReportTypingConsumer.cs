using Im.Contracts;
using Im.Contracts.Messages;
using Im.Message.Hints;
using Im.Message.Log;
using MassTransit;

namespace Im.Message.Typing;

/// <summary>
/// Tells the others of a conversation who types. Best effort: what is late is dropped, and whoever is not in the conversation, or types behind a block, is
/// heard by nobody and told nothing.
/// </summary>
public sealed class ReportTypingConsumer(IMessageLog messages, HintSender hints, TimeProvider time) : IConsumer<ReportTyping>
{
    /// <summary>In larger groups a word of each of many typing people would go to many: they are told nothing.</summary>
    public const int MaxMembers = 100;

    public async Task Consume(ConsumeContext<ReportTyping> context)
    {
        if (context.SentTime is { } sent && time.GetUtcNow() - sent > ReportTyping.Lifetime) return;
        var typed = context.Message.Typed.Select(one => (User: one.UserId, Conversation: ConversationId.FromGuid(one.Conversation))).Distinct().ToArray();
        var audiences = await messages.AudiencesAsync(typed.Select(one => one.Conversation).ToHashSet(), MaxMembers, context.CancellationToken);
        hints.Tell(HintPlan.TypingsOf(typed, audiences));
    }
}
