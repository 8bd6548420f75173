using System.Globalization;
using System.Text;
using Im.Contracts.Accounts;

namespace Im.Login.Passwords;

/// <summary>
/// What a new password may be: 8 to 1,024 characters, nothing else is asked of its make-up, but it is neither the user's name nor one that everybody
/// tries first. It is never cut.
/// </summary>
public static class PasswordRules
{
    public const int MinLength = 8;
    public const int MaxLength = 1024;

    /// <summary>
    /// The one form that is hashed (PRECIS OpaqueString): other blanks become the plain one, then NFC, so that the same password from another keyboard is
    /// the same. Null where no account can have it: not well-formed, or longer than the limit.
    /// </summary>
    public static string? Normalize(string? typed)
    {
        if (typed is null || typed.Length > 2 * MaxLength || !UnicodeText.IsWellFormed(typed)) return null;
        var blanks = new StringBuilder(typed.Length);
        foreach (var ch in typed) blanks.Append(char.GetUnicodeCategory(ch) == UnicodeCategory.SpaceSeparator ? ' ' : ch);
        var text = blanks.ToString().Normalize(NormalizationForm.FormC);
        return UnicodeText.Length(text) <= MaxLength ? text : null;
    }

    /// <summary>What is wrong with it as a new password, or null.</summary>
    /// <param name="normalized">As <see cref="Normalize"/> returned it.</param>
    public static string? FaultOf(string? normalized, string username)
    {
        if (normalized is null || UnicodeText.Length(normalized) < MinLength) return "a password has 8 to 1024 characters";
        if (UnicodeText.HasControls(normalized)) return "a password has no control characters";
        if (string.Equals(normalized, username, StringComparison.OrdinalIgnoreCase)) return "a password is not the user's name";
        return GuessablePasswords.Contains(normalized) ? "this password is among the first that anybody tries" : null;
    }
}
