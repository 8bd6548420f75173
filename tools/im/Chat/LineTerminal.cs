using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Im.Tool.Chat;

/// <summary>
/// A terminal: what comes is written above the line that is being typed. That line takes one row whatever its length; it scrolls sideways, so that a
/// window of any size and one that is resized show it right.
/// </summary>
internal sealed class LineTerminal : IChatTerminal
{
    private const string EraseRow = "\r\e[K", Faint = "\e[2m", Normal = "\e[0m";

    private static readonly bool Colours = Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 };

    private readonly Lock _gate = new();
    private readonly LineBuffer _buffer = new();

    // Lines that wait to be taken: what is pasted beyond them stays in the terminal until there is room.
    private readonly SemaphoreSlim _room = new(64);
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly PosixSignalRegistration _resized;
    private string _prompt = "> ";
    private bool _over;

    public LineTerminal()
    {
        _resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Redraw());
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
    }

    public bool IsInteractive => true;

    public string Prompt
    {
        set
        {
            lock (_gate) _prompt = value;
            Redraw();
        }
    }

    public Action? Typing { private get; set; }

    public async ValueTask<string?> ReadAsync(CancellationToken cancel)
    {
        if (!await _lines.Reader.WaitToReadAsync(cancel) || !_lines.Reader.TryRead(out var line)) return null;
        _room.Release();
        return line;
    }

    public void Write(string line) => Above($"{DateTime.Now:HH:mm} {line}");

    public void Note(string line) => Above(Colours ? $"{Faint}{line}{Normal}" : line);

    /// <summary>Leaves an empty row for the shell.</summary>
    public void Dispose()
    {
        _resized.Dispose();
        lock (_gate)
        {
            _over = true;
            Console.Write(EraseRow);
        }
    }

    private void Above(string text)
    {
        lock (_gate)
        {
            if (_over) return;
            Console.Write($"{EraseRow}{text}\n");
            Draw();
        }
    }

    private void Redraw()
    {
        lock (_gate) Draw();
    }

    private void ReadKeys()
    {
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            var isEnd = key.Key == ConsoleKey.D && key.Modifiers.HasFlag(ConsoleModifiers.Control);
            string? line = null;
            lock (_gate)
            {
                if (_over || (isEnd && _buffer.Text.Length == 0)) break;
                if (!isEnd && _buffer.Press(key)) line = _buffer.Take();
                Draw();
            }

            if (line is null)
            {
                if (_buffer.Text is [not '/', ..]) Typing?.Invoke();
                continue;
            }

            _room.Wait();
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.TryComplete();
    }

    private void Draw()
    {
        if (_over) return;
        // A terminal that does not know its size says 0.
        var columns = Console.WindowWidth is > 0 and var width ? width : 80;
        var (before, after) = Visible(_buffer.Text, _buffer.Cursor, Math.Max(columns - Printable.Width(_prompt) - 1, 8));
        var back = Printable.Width(after);
        Console.Write($"{EraseRow}{_prompt}{before}{after}{(back > 0 ? $"\e[{back}D" : "")}");
    }

    /// <summary>The part of a line around the cursor that fits into so many columns: its end stays in sight while one types.</summary>
    internal static (string Before, string After) Visible(string text, int cursor, int columns)
    {
        var (from, to) = (cursor, cursor);
        var room = columns;
        while (from > 0 && room >= WidthAt(text, Before(text, from))) room -= WidthAt(text, from = Before(text, from));
        while (to < text.Length && room >= WidthAt(text, to))
        {
            room -= WidthAt(text, to);
            to += char.IsSurrogatePair(text, to) ? 2 : 1;
        }

        return (text[from..cursor], text[cursor..to]);

        static int Before(string text, int index) => index >= 2 && char.IsSurrogatePair(text[index - 2], text[index - 1]) ? index - 2 : index - 1;

        static int WidthAt(string text, int index) => System.Text.Rune.TryGetRuneAt(text, index, out var rune) ? Printable.Width(rune) : 1;
    }
}
