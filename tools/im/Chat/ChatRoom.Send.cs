using Im.Client;

namespace Im.Tool.Chat;

internal sealed partial class ChatRoom
{
    // Others show it for a few seconds; telling them more often changes nothing.
    private static readonly TimeSpan TypingEvery = TimeSpan.FromSeconds(3);

    // Beyond it a script waits: it should not write faster than the server stores.
    private const int MaxOpen = 256;

    // Of the loop that takes the lines, the oldest first.
    private readonly Queue<Task> _open = new();

    /// <summary>The one that is shown last: texts are shown in the order in which they were written, which is not the order in which waits end.</summary>
    private Task _latest = Task.CompletedTask;

    private int _waiting;
    private long _typed;

    private async Task SayAsync(string text, CancellationToken cancel)
    {
        if (_talk is not { } talk)
        {
            Fail("to whom? /to NAME chooses");
            return;
        }

        while (_open.TryPeek(out var oldest) && (oldest.IsCompleted || _open.Count >= MaxOpen)) await _open.Dequeue().WaitAsync(cancel);
        Interlocked.Increment(ref _waiting);
        // In the order of the lines: the client puts a send in its place before the first wait.
        var sending = client.SendAsync(talk.To, text, cancellationToken: CancellationToken.None);
        ShowPrompt();
        _latest = FollowAsync(_latest, talk, text, sending);
        _open.Enqueue(_latest);
    }

    /// <summary>Shows the text once it is stored, however long that takes. Each of its ends is told, none is thrown.</summary>
    private async Task FollowAsync(Task before, Talk talk, string text, Task<SentMessage> sending)
    {
        await before;
        try
        {
            var sent = await sending;
            _lastSent[sent.Conversation] = sent.Seq;
            if (talk.Conversation is null && _talk == talk) _talk = talk with { Conversation = sent.Conversation };
            terminal.Write($"{name} > {talk.Name}: {Printable.Of(text)} ✓");
        }
        catch (MessageRejectedException refused)
        {
            Fail($"not sent to {talk.Name} ({refused.Code}): {Printable.Of(text)}");
        }
        catch (ImStoppedException)
        {
            Fail($"whether this was sent to {talk.Name} is unknown: {Printable.Of(text)}");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            ShowPrompt();
        }
    }

    /// <summary>The input is over: what was sent still gets its answer.</summary>
    private async Task AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await Task.WhenAll(_open).WaitAsync(LastAnswers, cancel);
        }
        catch (TimeoutException)
        {
            Fail($"{Volatile.Read(ref _waiting)} messages have no answer; whether they were sent is unknown");
        }
    }

    private void OnTyping()
    {
        if (_talk is not { } talk || (_typed > 0 && TimeProvider.System.GetElapsedTime(_typed) < TypingEvery) || client.State != ImClientState.Connected) return;
        _typed = TimeProvider.System.GetTimestamp();
        // Best effort by nature: it waits only where a connection is full, and a client that has stopped is told elsewhere.
        _ = client.TypingAsync(talk.To).AsTask().ContinueWith(static told => told.Exception, TaskScheduler.Default);
    }
}
