using System.Globalization;
using System.Text;

namespace Im.Tool.Chat;

/// <summary>What others wrote, made safe for a terminal, and how wide it is there.</summary>
internal static class Printable
{
    /// <summary>
    /// Control characters would move the cursor, change colours or answer in the person's place, and marks of direction would turn the rest of the
    /// line around: none gets through. Further lines are indented, so that they cannot pass as another message.
    /// </summary>
    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").TrimEnd('\n').EnumerateRunes())
        {
            if (rune.Value == '\n') safe.Append("\n    ");
            else if (rune.Value == '\t') safe.Append(' ');
            else if (IsSafe(rune)) safe.Append(rune.ToString());
            else safe.Append('\uFFFD');
        }

        return safe.ToString();
    }

    /// <summary>Columns of a terminal.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes()) width += Width(rune);
        return width;
    }

    public static int Width(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    private static bool IsSafe(Rune rune) =>
        !Rune.IsControl(rune) && rune.Value is not (0x2028 or 0x2029 or 0x061C or (>= 0x200E and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069));

    // The blocks that East Asian Width (UAX 11) calls wide, and the pictures.
    private static bool IsWide(int value) => value is
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
