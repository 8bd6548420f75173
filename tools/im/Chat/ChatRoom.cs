using Im.Client;
using Im.Protocol;

namespace Im.Tool.Chat;

/// <summary>The chat of one person: what he types goes to the talk that he chose, what comes is shown wherever it belongs.</summary>
internal sealed partial class ChatRoom(ImClient client, IChatTerminal terminal, string name)
{
    // How long the end of a script's input waits for the answers to what was sent.
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);

    // Each costs a call for a name.
    private const int NewestAtStart = 20;

    private readonly People _people = new(client);
    private readonly TaskCompletionSource<ImClientState> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Talk? _talk;
    private volatile bool _failed;

    /// <summary>Until the person leaves, his input ends or the client stops.</summary>
    /// <returns>0; 1 where the client was stopped, or in a script where something that it asked for was refused.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watching = Listen(over.Token);
        await ConnectAsync(cancel);
        await client.WhenSynced(cancel);
        terminal.Note($"connected as {name}; /help says what can be done");
        await ListAsync(NewestAtStart, cancel);
        ShowPrompt();
        terminal.Typing = OnTyping;
        var receiving = ReceiveAsync(over.Token);
        var typing = TakeLinesAsync(over.Token);
        try
        {
            await await Task.WhenAny(typing, receiving, _stopped.Task);
            if (typing.IsCompletedSuccessfully) await AnswersAsync(cancel);
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(typing, receiving, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancel.ThrowIfCancellationRequested();
        if (!_stopped.Task.IsCompleted) return _failed && !terminal.IsInteractive ? 1 : 0;
        terminal.Note(await _stopped.Task switch
        {
            ImClientState.SessionEnded => "the session was ended; log in again",
            ImClientState.Replaced => "the same device has connected elsewhere",
            var state => $"the client has stopped: {state}",
        });
        return 1;
    }

    /// <summary>The client tries for as long as it takes; a person wants to know why it takes so long.</summary>
    private async Task ConnectAsync(CancellationToken cancel)
    {
        var connecting = client.ConnectAsync(cancel);
        string? said = null;
        while (await Task.WhenAny(connecting, Task.Delay(ConnectPatience, cancel)) != connecting)
        {
            cancel.ThrowIfCancellationRequested();
            if (client.LastFault is not { } fault || ChatCommand.CauseOf(fault) is not { } cause || cause == said) continue;
            terminal.Note($"! cannot connect: {said = cause}; trying on");
        }

        await connecting;
    }

    private async Task TakeLinesAsync(CancellationToken cancel)
    {
        while (await terminal.ReadAsync(cancel) is { } typed)
        {
            if (ChatLine.Parse(typed) is not { } line) continue;
            if (line.Command is "quit" or "exit" or "q") return;
            try
            {
                await DoAsync(line, cancel);
            }
            catch (ImApiException refused)
            {
                Fail(ChatCommand.Reason(refused));
            }
            catch (HttpRequestException unreachable)
            {
                Fail($"the server cannot be reached: {ChatCommand.CauseOf(unreachable)}");
            }
        }
    }

    private void Fail(string why)
    {
        _failed = true;
        terminal.Note($"! {why}");
    }

    private void ShowPrompt()
    {
        var waiting = Volatile.Read(ref _waiting);
        var state = client.State switch
        {
            ImClientState.Connected => waiting == 0 ? "" : $" ({waiting} on the way)",
            ImClientState.New or ImClientState.Connecting => " (connecting)",
            _ => $" (reconnecting, {waiting} waiting)",
        };
        terminal.Prompt = $"{_talk?.Name}{state}> ";
    }

    private async Task ReceiveAsync(CancellationToken cancel)
    {
        await foreach (var message in client.ReceiveAsync(cancel)) await ShowAsync(message, cancel);
    }

    private async Task ShowAsync(ReceivedMessage message, CancellationToken cancel)
    {
        Talk talk;
        try
        {
            talk = await _people.TalkAsync(message.Conversation, cancel);
        }
        catch (Exception e) when (e is ImApiException or HttpRequestException)
        {
            // Left meanwhile, or the server is away for a moment: the message is shown under what is known of it.
            talk = new Talk($"[{message.Conversation}]", Target.ToConversation(message.Conversation), message.Conversation, null);
        }

        var from = await _people.NameAsync(message.From, cancel);
        terminal.Write(await LineOfAsync(talk, from, message.From == client.UserId, message.Text, message.Type, cancel));
        Forget(message.From);
        if (_talk is { } open && (open.Conversation == message.Conversation || (open.Other is not null && open.Other == talk.Other)))
        {
            if (open.Conversation is null) _talk = talk;
            await client.MarkReadAsync(message.Conversation, message.Seq, cancel);
        }
    }

    private async Task<string> LineOfAsync(Talk talk, string from, bool isOwn, string text, string? type, CancellationToken cancel)
    {
        if (Limits.IsMemberType(type)) return $"{talk.Name} {await MembersChangedAsync(text, cancel)}";
        var said = type is null || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) ? Printable.Of(text) : $"({Printable.Of(type)})";
        if (isOwn) return $"{from} > {talk.Name}: {said}";
        return talk.Other is null ? $"{talk.Name} {from}: {said}" : $"{from}: {said}";
    }
}
