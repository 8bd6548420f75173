using Im.Protocol;

namespace Im.Client;

/// <remarks>Events are raised on the thread that reads the connection, in order: a handler must return soon and must not wait for this client.</remarks>
public sealed partial class ImClient
{
    /// <summary>The client has entered another state. The last one, <see cref="ImClientState.Closed"/>, is told by the thread that disposes.</summary>
    public event Action<ImClientState>? StateChanged;

    /// <summary>The presence of a watched user, once after <see cref="WatchAsync"/> and then whenever it changes. Best effort.</summary>
    public event Action<ServerFrame.Presence>? PresenceChanged;

    /// <summary>How far a member of a conversation, or another device of this user, holds it or has read it. Best effort; only ever rises.</summary>
    public event Action<ServerFrame.Receipt>? ReceiptReceived;

    /// <summary>Somebody is typing. Best effort; it is over when a message comes or after a few seconds.</summary>
    public event Action<ServerFrame.Typing>? TypingReceived;

    /// <summary>A group was made, renamed or changed its members, or this user left it.</summary>
    public event Action<ServerFrame.ConversationChanged>? ConversationChanged;

    /// <summary>A contact was requested, accepted or removed; the state is one of <see cref="ContactStates"/>.</summary>
    public event Action<ServerFrame.ContactChanged>? ContactChanged;

    /// <summary>The server could not make sense of a frame that was no send; ten of them end the connection for good.</summary>
    public event Action<ServerFrame.Error>? ErrorReceived;

    /// <summary>The server's log was restored from a backup: cursors were dropped, the application loads its conversations again.</summary>
    public event Action<string>? LogReset;

    private void SetState(ImClientState state)
    {
        lock (_gate)
        {
            if (_state == state || _state >= ImClientState.Replaced) return;
            _state = state;
        }

        Raise(StateChanged, state);
    }

    private void Raise<T>(Action<T>? handlers, T what)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(what);
            }
            catch (Exception e)
            {
                Report(e);
            }
        }
    }

    private void Report(Exception fault)
    {
        try
        {
            if (_options.OnHandlerError is { } told) told(fault);
            else ThrowOnThePool(fault);
        }
        catch (Exception e)
        {
            ThrowOnThePool(e);
        }
    }

    /// <summary>Thrown where it happened it would end the connection, and the application would never see it.</summary>
    private static void ThrowOnThePool(Exception fault) =>
        ThreadPool.QueueUserWorkItem(static fault => System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault), fault, preferLocal: false);
}
