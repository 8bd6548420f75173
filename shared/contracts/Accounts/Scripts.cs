using System.Text;

namespace Im.Contracts.Accounts;

/// <summary>Groups of scripts whose letters a user name may use together. Letters outside of this table are in no user name.</summary>
internal enum Script
{
    None,
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    Bengali,
    Tamil,
    Telugu,
    Thai,
    Georgian,

    /// <summary>Han, Hiragana, Katakana, Bopomofo and Hangul: their languages mix them.</summary>
    EastAsian,
}

internal static class Scripts
{
    private static readonly (int First, int Last, Script Script)[] Table =
    [
        ('A', 'Z', Script.Latin), ('a', 'z', Script.Latin), (0xC0, 0x24F, Script.Latin), (0x1E00, 0x1EFF, Script.Latin),
        (0x370, 0x3FF, Script.Greek), (0x1F00, 0x1FFF, Script.Greek),
        (0x400, 0x52F, Script.Cyrillic),
        (0x531, 0x588, Script.Armenian),
        (0x591, 0x5F4, Script.Hebrew),
        (0x610, 0x63F, Script.Arabic), (0x641, 0x6FF, Script.Arabic), (0x750, 0x77F, Script.Arabic),
        (0x900, 0x97F, Script.Devanagari), (0x980, 0x9FF, Script.Bengali), (0xB80, 0xBFF, Script.Tamil), (0xC00, 0xC7F, Script.Telugu),
        (0xE01, 0xE4E, Script.Thai), (0x10D0, 0x10FF, Script.Georgian),
        (0x3005, 0x3007, Script.EastAsian), (0x3041, 0x3096, Script.EastAsian), (0x30A1, 0x30FE, Script.EastAsian),
        (0x3105, 0x312F, Script.EastAsian), (0x3400, 0x4DBF, Script.EastAsian), (0x4E00, 0x9FFF, Script.EastAsian),
        (0xAC00, 0xD7A3, Script.EastAsian), (0x20000, 0x323AF, Script.EastAsian),
    ];

    // Lower-case letters that most type faces draw like a Latin one.
    private const string LatinLookalikes = "асԁеһіјӏорԛѕԝхуѵԍ" + "αικνορυχ";

    public static Script Of(Rune rune)
    {
        foreach (var (first, last, script) in Table)
            if (rune.Value >= first && rune.Value <= last) return script;
        return Script.None;
    }

    public static bool LooksLatin(Rune lower) => lower.IsBmp && LatinLookalikes.Contains((char)lower.Value, StringComparison.Ordinal);
}
