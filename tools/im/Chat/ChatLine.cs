namespace Im.Tool.Chat;

/// <summary>A line that a person typed: a command with its words, or a text to send.</summary>
/// <param name="Command">Without its slash, in small letters; null: <paramref name="Rest"/> is a text.</param>
/// <param name="Rest">What follows the command.</param>
internal sealed record ChatLine(string? Command, string Rest)
{
    public const string Help = """
        /to NAME            talk to a user or into a group; what you type then goes there
        /list               your conversations, the newest first, with what is unread
        /history [N]        the last N messages of the conversation (20)
        /who                who is in the conversation, and how they are
        /group TITLE: A B   make a group with these users and talk into it
        /add A B, /remove A B, /rename TITLE, /leave    change the group that you talk into
        /status online|away|busy|invisible
        /help, /quit        Ctrl-D quits too; a text that begins with / is typed with //
        """;

    public string[] Words => Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Null for a line without anything in it.</summary>
    public static ChatLine? Parse(string line)
    {
        var text = line.Trim();
        if (text.Length == 0) return null;
        if (text[0] != '/') return new ChatLine(null, text);
        if (text.StartsWith("//", StringComparison.Ordinal)) return new ChatLine(null, text[1..]);
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? new ChatLine(text[1..].ToLowerInvariant(), "") : new ChatLine(text[1..end].ToLowerInvariant(), text[end..].Trim());
    }

    /// <summary>The title and the names of '/group'. Null where one is missing.</summary>
    public (string Title, string[] Names)? Group()
    {
        var colon = Rest.LastIndexOf(':');
        if (colon <= 0) return null;
        var names = new ChatLine(null, Rest[(colon + 1)..]).Words;
        return names.Length == 0 ? null : (Rest[..colon].Trim(), names);
    }
}
