namespace Im.Bench.Load;

/// <summary>All connections of a run, whatever protocol they speak.</summary>
internal interface ICrowd : IAsyncDisposable
{
    /// <summary>Those that write.</summary>
    IReadOnlyList<ISender> Senders { get; }

    /// <summary>How long it took until all of them were connected. Of our own protocol without the making of users and sessions, of others with their accounts.</summary>
    TimeSpan Connecting { get; }

    /// <summary>Makes users and connects them; until then there are no senders.</summary>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Everybody writes once to everybody he will write to, where a conversation begins with its first message and that one costs more: a system in use has its conversations.
    /// </summary>
    Task AcquaintAsync(CancellationToken cancellationToken);
}

/// <summary>One connection that writes.</summary>
internal interface ISender
{
    /// <summary>Closed loop: from now on each message that is done with is followed by the next one.</summary>
    void Start();

    void StopSending();

    /// <summary>Sends one message that was due at that moment; false when the connection cannot take it now.</summary>
    bool TrySend(long due);
}
