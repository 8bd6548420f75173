using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Im.Client;
using Im.Protocol;

namespace Im.Tool.Chat;

internal sealed partial class ChatRoom
{
    private readonly ConcurrentDictionary<string, long> _lastSent = new();
    private readonly ConcurrentDictionary<string, long> _toldDelivered = new();
    private readonly ConcurrentDictionary<string, long> _writing = new();
    private bool _wasConnected;

    // Typing is told again after so long.
    private static readonly TimeSpan TypingLasts = TimeSpan.FromSeconds(30);

    // Best effort as the frames themselves: when it is full the oldest is forgotten.
    private readonly Channel<ServerFrame> _notices = Channel.CreateBounded<ServerFrame>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>The client's handlers must not wait, and names may have to be asked for: a loop of its own does that.</summary>
    private Task Listen(CancellationToken cancel)
    {
        client.StateChanged += OnState;
        client.ReceiptReceived += frame => _notices.Writer.TryWrite(frame);
        client.PresenceChanged += frame => _notices.Writer.TryWrite(frame);
        client.TypingReceived += frame => _notices.Writer.TryWrite(frame);
        client.ConversationChanged += frame => _notices.Writer.TryWrite(frame);
        client.ContactChanged += frame => _notices.Writer.TryWrite(frame);
        return NoticesAsync(cancel);
    }

    private void OnState(ImClientState state)
    {
        if (state >= ImClientState.Replaced && state != ImClientState.Closed) _stopped.TrySetResult(state);
        if (state == ImClientState.Reconnecting) terminal.Note(Reconnecting(Volatile.Read(ref _waiting)));
        if (state == ImClientState.Connected && _wasConnected) terminal.Note("connected again");
        _wasConnected |= state == ImClientState.Connected;
        if (state < ImClientState.Replaced) ShowPrompt();
    }

    private static string Reconnecting(int waiting) => waiting switch
    {
        0 => "reconnecting…",
        1 => "reconnecting… one message waits",
        _ => $"reconnecting… {waiting} messages wait",
    };

    private async Task NoticesAsync(CancellationToken cancel)
    {
        await foreach (var frame in _notices.Reader.ReadAllAsync(cancel))
        {
            switch (frame)
            {
                case ServerFrame.Receipt receipt when receipt.User != client.UserId: await MarksAsync(receipt, cancel); break;
                case ServerFrame.Presence presence when _people.Changes(presence.User, presence.Status):
                    terminal.Note($"{await _people.NameAsync(presence.User, cancel)} is {Printable.Of(presence.Status)}");
                    break;
                case ServerFrame.Typing typing when typing.User != client.UserId && Begins(typing.User):
                    terminal.Note($"{await _people.NameAsync(typing.User, cancel)} is typing…");
                    break;
                case ServerFrame.ConversationChanged { Kind: "group" } group:
                    await RelearnAsync(group.Id, cancel);
                    break;
                case ServerFrame.ContactChanged contact:
                    terminal.Note($"contact {await _people.NameAsync(contact.User, cancel)}: {Printable.Of(contact.State)}");
                    break;
            }
        }
    }

    private async Task RelearnAsync(string group, CancellationToken cancel)
    {
        // Its title may be another one now.
        _people.Forget(group);
        try
        {
            var talk = await _people.TalkAsync(group, cancel);
            if (_talk?.Conversation == group) _talk = talk;
        }
        catch (Exception e) when (e is ImApiException or HttpRequestException)
        {
            // Not a member any more, or the server is away for a moment: the next message asks again.
            return;
        }

        ShowPrompt();
    }

    /// <summary>Tells of the last message only: what is true of it is true of all before it.</summary>
    private async Task MarksAsync(ServerFrame.Receipt receipt, CancellationToken cancel)
    {
        if (!_lastSent.TryGetValue(receipt.Conversation, out var last)) return;
        var other = await _people.NameAsync(receipt.User, cancel);
        if (receipt.Read >= last)
        {
            _lastSent.TryRemove(receipt.Conversation, out _);
            _toldDelivered.TryRemove(receipt.Conversation, out _);
            terminal.Note($"✓✓ read by {other}");
        }
        else if (receipt.Delivered >= last && _toldDelivered.GetValueOrDefault(receipt.Conversation) < last)
        {
            _toldDelivered[receipt.Conversation] = last;
            terminal.Note($"✓✓ delivered to {other}");
        }
    }

    private bool Begins(string writer)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (_writing.TryGetValue(writer, out var since) && TimeProvider.System.GetElapsedTime(since, now) < TypingLasts) return false;
        _writing[writer] = now;
        return true;
    }

    /// <summary>Who has written has stopped typing; the next time is told again.</summary>
    private void Forget(string writer) => _writing.TryRemove(writer, out _);

    private async Task<string> MembersChangedAsync(string body, CancellationToken cancel)
    {
        try
        {
            using var change = JsonDocument.Parse(body);
            foreach (var happened in new[] { "joined", "left" })
            {
                if (!change.RootElement.TryGetProperty(happened, out var users)) continue;
                var names = new List<string>();
                foreach (var user in users.EnumerateArray()) names.Add(await _people.NameAsync(user.GetString()!, cancel));
                return $"{string.Join(", ", names)} {happened}";
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not what the contract says: shown as a change, without its names.
            return "(members changed)";
        }

        return "(members changed)";
    }
}
