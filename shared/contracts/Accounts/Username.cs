using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Im.Contracts.Accounts;

/// <summary>
/// A user name in the spirit of PRECIS UsernameCaseMapped (RFC 8265): 3 to 32 characters, letters of one script, digits 0–9 and <c>. _ -</c>.
/// <see cref="Text"/> is kept as typed (NFC); two names are the same when their <see cref="Key"/> (lower case) is.
/// </summary>
/// <remarks>
/// No name may be mistaken for another: nothing invisible or bidirectional, no compatibility forms (full width, ligatures), no mixed scripts (the
/// East Asian ones count as one), no Greek or Cyrillic name of nothing but letters that look Latin, no name that the system itself could bear.
/// </remarks>
public sealed record Username(string Text, string Key)
{
    public const int MinLength = 3;
    public const int MaxLength = 32;

    private static readonly HashSet<string> Reserved =
    [
        "system", "admin", "administrator", "root", "superuser", "sysadmin", "operator", "moderator", "mod", "owner", "staff", "team", "support",
        "help", "helpdesk", "info", "contact", "security", "abuse", "postmaster", "hostmaster", "webmaster", "noc", "service", "services", "server",
        "gateway", "api", "www", "mail", "noreply", "bot", "everyone", "all", "here", "channel", "anonymous", "guest", "deleted", "unknown",
        "null", "undefined", "none", "nobody", "self", "official", "billing", "account", "accounts",
    ];

    /// <summary>Reads what a person typed; <paramref name="fault"/> says what is wrong with it.</summary>
    public static bool TryParse(string? typed, [NotNullWhen(true)] out Username? name, [NotNullWhen(false)] out string? fault)
    {
        name = null;
        fault = null;
        // Two UTF-16 units a character at most, before any work is done.
        if (string.IsNullOrEmpty(typed) || typed.Length > 2 * MaxLength) fault = LengthFault;
        else if (!UnicodeText.IsWellFormed(typed)) fault = "a user name is well-formed Unicode text";
        if (fault is not null) return false;

        var text = typed!.Normalize(NormalizationForm.FormC);
        fault = FaultOf(text);
        if (fault is not null) return false;
        var key = Lower(text);
        fault = KeyFault(key);
        if (fault is not null) return false;
        name = new(text, key);
        return true;
    }

    /// <summary>The key that a name would be stored under, for look-ups; null where no name can have been stored so.</summary>
    public static string? KeyOf(string? typed) => TryParse(typed, out var name, out _) || SystemName(typed, out name) ? name.Key : null;

    private const string LengthFault = "a user name has 3 to 32 characters";

    private static bool SystemName(string? typed, [NotNullWhen(true)] out Username? name)
    {
        name = string.Equals(typed, "system", StringComparison.OrdinalIgnoreCase) ? new("system", "system") : null;
        return name is not null;
    }

    private static string? FaultOf(string text)
    {
        if (!string.Equals(text, text.Normalize(NormalizationForm.FormKC), StringComparison.Ordinal))
            return "a user name has no compatibility forms such as full-width letters or ligatures";
        var (length, script, afterLetter, named) = (0, Script.None, false, false);
        foreach (var rune in text.EnumerateRunes())
        {
            length++;
            if (char.IsAsciiDigit((char)Math.Min(rune.Value, char.MaxValue)) || rune.Value is '.' or '_' or '-')
            {
                afterLetter = false;
                named |= rune.Value is not ('.' or '_' or '-');
                continue;
            }

            var isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (!Rune.IsLetter(rune) && !(isMark && afterLetter)) return "a user name has only letters, the digits 0-9 and . _ -";
            var own = Scripts.Of(rune);
            if (own == Script.None) return "a user name has only letters of the scripts that the documentation lists";
            if (script != Script.None && own != script) return "a user name has letters of one script only";
            (script, afterLetter, named) = (own, true, true);
        }

        if (length is < MinLength or > MaxLength) return LengthFault;
        return named ? null : "a user name has at least one letter or digit";
    }

    private static string? KeyFault(string key)
    {
        // A capital that has no lower case (the dotted İ) would make a name with two keys.
        if (key.EnumerateRunes().Any(rune => Rune.IsUpper(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter))
            return "a user name has only letters with a lower case";
        if (Reserved.Contains(key.Replace(".", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal)))
            return "this user name is reserved";
        var letters = key.EnumerateRunes().Where(Rune.IsLetter).ToList();
        if (letters.Count > 0 && Scripts.Of(letters[0]) is Script.Greek or Script.Cyrillic && letters.All(Scripts.LooksLatin))
            return "this user name could be mistaken for one in Latin letters";
        return null;
    }

    // Lower-casing may leave text that NFC would write otherwise.
    private static string Lower(string text) => text.ToLowerInvariant().Normalize(NormalizationForm.FormC);
}
