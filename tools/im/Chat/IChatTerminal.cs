namespace Im.Tool.Chat;

/// <summary>Where a person, or a script, reads and types.</summary>
internal interface IChatTerminal : IDisposable
{
    bool IsInteractive { get; }

    /// <summary>What stands before the line that is typed.</summary>
    string Prompt { set; }

    /// <summary>A key was pressed in a line that is a text so far.</summary>
    Action? Typing { set; }

    /// <summary>Null at the end of the input.</summary>
    ValueTask<string?> ReadAsync(CancellationToken cancel);

    /// <summary>A message; any thread may write.</summary>
    void Write(string line);

    /// <summary>What is no message: shown fainter where that is possible.</summary>
    void Note(string line);
}
