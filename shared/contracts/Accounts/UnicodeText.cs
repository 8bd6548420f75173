using System.Globalization;
using System.Text;

namespace Im.Contracts.Accounts;

/// <summary>What every text that a person types has to be before anything else is asked of it.</summary>
public static class UnicodeText
{
    /// <summary>No lone surrogates and no code points that are not characters: such text cannot be normalized or written as UTF-8 everywhere.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune) || IsNoCharacter(rune.Value)) return false;
            i += rune.Utf16SequenceLength;
        }

        return true;
    }

    public static bool HasControls(string text) => text.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control);

    /// <summary>
    /// Six marks on one letter: no script writes so many (Hebrew with vowels and accents, Vietnamese and the scripts of India need up to four), but heaps
    /// of them paint over the lines above and below, and over what others wrote there.
    /// </summary>
    public static bool HasHeapedMarks(string text)
    {
        var marks = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
            marks = isMark ? marks + 1 : 0;
            if (marks > MaxMarks) return true;
        }

        return false;
    }

    private const int MaxMarks = 5;

    private static bool IsNoCharacter(int codePoint) => (codePoint & 0xFFFE) == 0xFFFE || codePoint is >= 0xFDD0 and <= 0xFDEF;

    /// <summary>Characters as people count them best without tables of their own: code points.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();
}
