using System.Globalization;
using Im.Client;
using Im.Protocol;

namespace Im.Tool.Chat;

internal sealed partial class ChatRoom
{
    private const int HistoryUsual = 20, HistoryMost = 10_000;

    private async Task DoAsync(ChatLine line, CancellationToken cancel)
    {
        // A script's commands see what its lines before them did; a person sees that anyway.
        if (line.Command is not null && !terminal.IsInteractive) await Task.WhenAll(_open).WaitAsync(cancel);
        await PerformAsync(line, cancel);
    }

    private Task PerformAsync(ChatLine line, CancellationToken cancel) => line.Command switch
    {
        null => SayAsync(line.Rest, cancel),
        "to" when line.Rest.Length > 0 => GoToAsync(line.Rest, cancel),
        "list" => ListAsync(int.MaxValue, cancel),
        "history" => HistoryAsync(line.Rest, cancel),
        "who" => WhoAsync(cancel),
        "group" when line.Group() is { } group => GroupAsync(group.Title, group.Names, cancel),
        "add" when line.Words.Length > 0 => MembersAsync(line.Words, client.Api.AddMemberAsync, cancel),
        "remove" when line.Words.Length > 0 => MembersAsync(line.Words, client.Api.RemoveMemberAsync, cancel),
        "rename" when line.Rest.Length > 0 => RenameAsync(line.Rest, cancel),
        "leave" => LeaveAsync(cancel),
        "status" when ImStatuses.Contains(line.Rest) => client.SetStatusAsync(line.Rest, cancel).AsTask(),
        "help" => SayHelp(),
        _ => Unknown(line),
    };

    private static readonly string[] ImStatuses = [ImStatus.Online, ImStatus.Away, ImStatus.Busy, ImStatus.Invisible];

    private Task SayHelp()
    {
        foreach (var line in ChatLine.Help.ReplaceLineEndings("\n").Split('\n')) terminal.Note(line);
        return Task.CompletedTask;
    }

    private Task Unknown(ChatLine line)
    {
        Fail($"{Printable.Of($"/{line.Command} {line.Rest}").TrimEnd()}: not understood; /help says what can be done");
        return Task.CompletedTask;
    }

    private async Task GoToAsync(string whom, CancellationToken cancel)
    {
        var talk = _people.Talks.FirstOrDefault(talk => talk.Other is null && talk.Name == $"[{whom.Trim('[', ']')}]" || talk.Conversation == whom);
        if (talk is null)
        {
            var user = await _people.FindAsync(whom, cancel);
            talk = _people.Talks.FirstOrDefault(talk => talk.Other == user) ?? new Talk(await _people.NameAsync(user, cancel), Target.ToUser(user), null, user);
        }

        _talk = talk;
        ShowPrompt();
        terminal.Note($"talking to {talk.Name}");
        if (talk.Other is { } other) await client.WatchAsync([other], cancel);
        if (talk.Conversation is not { } id) return;
        var conversation = await client.Api.GetConversationAsync(id, cancel);
        await client.MarkReadAsync(id, conversation.LastSeq, cancel);
        if (conversation.Unread > 0) await HistoryAsync(Math.Min(conversation.Unread, HistoryUsual).ToString(CultureInfo.InvariantCulture), cancel);
    }

    private async Task ListAsync(int most, CancellationToken cancel)
    {
        var others = new List<string>();
        await foreach (var conversation in client.Api.ListConversationsAsync(Math.Min(most, 200), cancel).Take(most))
        {
            var talk = await _people.LearnAsync(conversation, cancel);
            if (talk.Other is not null && others.Count < Limits.WatchedUsers) others.Add(talk.Other);
            var unread = conversation.Unread == 0 ? "" : $" ({conversation.Unread} unread)";
            terminal.Note($"{talk.Name}{unread}");
        }

        if (others.Count > 0) await client.WatchAsync(others, cancel);
    }

    private async Task HistoryAsync(string count, CancellationToken cancel)
    {
        if (_talk?.Conversation is not { } conversation)
        {
            Fail("there is no history yet");
            return;
        }

        var wanted = int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? Math.Min(number, HistoryMost) : HistoryUsual;
        var messages = await client.Api.HistoryBackwardsAsync(conversation, pageSize: Math.Min(wanted, 200), cancellationToken: cancel).Take(wanted).ToListAsync(cancel);
        foreach (var message in Enumerable.Reverse(messages))
        {
            var line = await LineOfAsync(_talk, await _people.NameAsync(message.From, cancel), message.From == client.UserId, message.Body, message.Type, cancel);
            terminal.Note($"{DateTimeOffset.FromUnixTimeMilliseconds(message.Time).ToLocalTime():yyyy-MM-dd HH:mm} {line}");
        }
    }

    private async Task WhoAsync(CancellationToken cancel)
    {
        IReadOnlyList<string> users = _talk is { Other: null, Conversation: { } group }
            ? (await client.Api.GetConversationAsync(group, cancel)).Members ?? []
            : [.. _people.Talks.Append(_talk).Select(talk => talk?.Other).OfType<string>().Distinct()];
        foreach (var user in users) terminal.Note($"{await _people.NameAsync(user, cancel)} {(user == client.UserId ? "(you)" : _people.Status(user))}".TrimEnd());
        if (users.Count == 0) terminal.Note("nobody yet; /to NAME begins");
    }

    private async Task GroupAsync(string title, string[] names, CancellationToken cancel)
    {
        var members = new List<string>();
        foreach (var member in names) members.Add(await _people.FindAsync(member, cancel));
        var id = await client.Api.CreateGroupAsync(title, members, cancel);
        _talk = await _people.TalkAsync(id, cancel);
        ShowPrompt();
        terminal.Note($"talking to {_talk.Name}");
    }

    private async Task MembersAsync(string[] names, Func<string, string, CancellationToken, Task> change, CancellationToken cancel)
    {
        if (_talk is not { Other: null, Conversation: { } group })
        {
            Fail("this is no group; /group TITLE: A B makes one");
            return;
        }

        foreach (var member in names) await change(group, await _people.FindAsync(member, cancel), cancel);
    }

    private async Task RenameAsync(string title, CancellationToken cancel)
    {
        if (_talk is { Other: null, Conversation: { } group }) await client.Api.RenameGroupAsync(group, title, cancel);
        else Fail("this is no group");
    }

    private async Task LeaveAsync(CancellationToken cancel)
    {
        if (_talk is not { Other: null, Conversation: { } group } talk)
        {
            Fail("this is no group");
            return;
        }

        await client.Api.RemoveMemberAsync(group, client.UserId!, cancel);
        _people.Forget(group);
        _talk = null;
        ShowPrompt();
        terminal.Note($"left {talk.Name}");
    }
}
