using Im.Protocol;

namespace Im.Client;

/// <remarks>Events are raised on the thread that reads the connection, in order: a handler must return soon.</remarks>
public sealed partial class ImClient
{
    public event Action<ImClientState>? StateChanged;

    public event Action<ServerFrame.Presence>? PresenceChanged;

    public event Action<ServerFrame.Receipt>? ReceiptReceived;

    public event Action<ServerFrame.Typing>? TypingReceived;

    public event Action<ServerFrame.ConversationChanged>? ConversationChanged;

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
        if (handlers is null) return;
        try
        {
            handlers(what);
        }
        catch (Exception e) when (_options.OnHandlerError is not null)
        {
            _options.OnHandlerError(e);
        }
        catch (Exception e)
        {
            // Thrown here it would end the connection, and the application would never see it.
            ThreadPool.QueueUserWorkItem(static fault => System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault), e, preferLocal: false);
        }
    }
}
