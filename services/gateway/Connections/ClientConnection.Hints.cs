using Im.Contracts;
using Im.Gateway.Typing;
using Im.Protocol;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    /// <summary>Both are made when they are needed first: most connections are idle.</summary>
    private ReceiptPacer? _receipts;
    private TypingPace? _typing;

    /// <summary>What nobody keeps begins behind the list of the conversations, and leaves the outbox to messages when it fills up. Under the lock.</summary>
    private bool HasRoomForHints => _feedsKnown && _outbox.HasRoom;

    /// <summary>How far somebody got, now or when the second since the last one of the conversation is over.</summary>
    public void Tell(Receipt receipt)
    {
        lock (_lock)
        {
            if (_close is not null) return;
            _receipts ??= new ReceiptPacer(_services.Time);
            if (_receipts.Offer(receipt, HasRoomForHints)) Add(FrameOf(receipt));
        }
    }

    /// <summary>A frame that may be lost: where there is no room for it now, it is.</summary>
    public void TryTell(ServerFrame frame)
    {
        lock (_lock)
        {
            if (_close is null && HasRoomForHints) Add(frame);
        }
    }

    private void TellDue()
    {
        // Without the lock: the ticker comes by at every idle connection.
        if (_receipts is null) return;
        lock (_lock)
        {
            if (_close is not null || _receipts.TakeDue(HasRoomForHints) is not { } first) return;
            for (Receipt? due = first; due is not null; due = _receipts.TakeDue(HasRoomForHints)) Add(FrameOf(due.Value));
        }

        Wake();
    }

    /// <summary>Best effort: what goes nowhere is not answered either.</summary>
    private void Type(ClientFrame.Typing typing)
    {
        var user = _session!.User;
        if (!TryResolve(typing.To, user, out var conversation, out _) || conversation == ConversationId.Direct(user, user)) return;
        _typing ??= new TypingPace(_services.Time);
        if (_typing.TryTake(conversation)) _services.Typing.Typed(user, conversation);
    }

    private static ServerFrame.Receipt FrameOf(Receipt receipt) => new(
        receipt.Conversation.ToString(),
        Ids.Text(receipt.User),
        receipt.Delivered > 0 ? receipt.Delivered : null,
        receipt.Read > 0 ? receipt.Read : null);
}
