using System.Globalization;

namespace Im.Tool.Chat;

/// <summary>The line that a person is typing: text, cursor and the lines before. Pure; it moves by what a person sees as one character.</summary>
internal sealed class LineBuffer
{
    private const int Remembered = 100;

    private readonly List<string> _before = [];
    private int _recalled;

    public string Text { get; private set; } = "";

    /// <summary>Where the next character goes, from 0 to the length of the text.</summary>
    public int Cursor { get; private set; }

    /// <summary>True: the line is complete, see <see cref="Take"/>.</summary>
    public bool Press(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Enter) return true;
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.Backspace: Delete(Left(), Cursor); break;
            case ConsoleKey.W when control: Delete(WordLeft(), Cursor); break;
            case ConsoleKey.U when control: Delete(0, Cursor); break;
            case ConsoleKey.K when control: Delete(Cursor, Text.Length); break;
            case ConsoleKey.Delete: Delete(Cursor, Right()); break;
            case ConsoleKey.LeftArrow: Cursor = Left(); break;
            case ConsoleKey.RightArrow: Cursor = Right(); break;
            case ConsoleKey.Home or ConsoleKey.A when control || key.Key == ConsoleKey.Home: Cursor = 0; break;
            case ConsoleKey.End or ConsoleKey.E when control || key.Key == ConsoleKey.End: Cursor = Text.Length; break;
            case ConsoleKey.UpArrow: Recall(_recalled - 1); break;
            case ConsoleKey.DownArrow: Recall(_recalled + 1); break;
            default: Insert(key.KeyChar); break;
        }

        return false;
    }

    /// <summary>The line; the next one begins.</summary>
    public string Take()
    {
        var line = Text;
        if (line.Length > 0) _before.Add(line);
        if (_before.Count > Remembered) _before.RemoveAt(0);
        _recalled = _before.Count;
        (Text, Cursor) = ("", 0);
        return line;
    }

    private void Insert(char character)
    {
        if (char.IsControl(character)) return;
        Text = Text.Insert(Cursor, character.ToString());
        Cursor++;
    }

    private void Delete(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Cursor = from;
    }

    private void Recall(int index)
    {
        if (index < 0 || index > _before.Count) return;
        _recalled = index;
        Text = index == _before.Count ? "" : _before[index];
        Cursor = Text.Length;
    }

    private int Left() => StringInfo.ParseCombiningCharacters(Text).LastOrDefault(start => start < Cursor);

    private int Right() => Cursor + StringInfo.GetNextTextElementLength(Text.AsSpan(Cursor));

    private int WordLeft() => Text.AsSpan(0, Cursor).TrimEnd().LastIndexOf(' ') + 1;
}
