namespace Im.Tool.Chat;

/// <summary>Pipes: a line in, lines out, in words that a script can wait for.</summary>
internal sealed class PlainTerminal(TextReader input, TextWriter output) : IChatTerminal
{
    private readonly Lock _gate = new();

    public bool IsInteractive => false;

    public string Prompt
    {
        set { }
    }

    public Action? Typing
    {
        set { }
    }

    public ValueTask<string?> ReadAsync(CancellationToken cancel) => new(LineAsync(input, cancel));

    /// <summary>A read of the console cannot be cancelled; it is left behind on a thread that keeps no program from ending.</summary>
    public static Task<string?> LineAsync(TextReader input, CancellationToken cancel) => Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(cancel);

    public void Write(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    public void Note(string line) => Write($"* {line}");

    public void Dispose()
    {
    }
}
