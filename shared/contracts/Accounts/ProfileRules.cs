namespace Im.Contracts.Accounts;

/// <summary>
/// What may stand in a profile. Texts are kept as typed, markup and all; whoever shows them escapes them. Each method returns what is wrong, or null.
/// </summary>
public static class ProfileRules
{
    public const int MaxDisplayName = 64;
    public const int MaxBio = 500;
    public const int MaxAvatarUrl = 500;

    public static string? DisplayNameFault(string text) =>
        !UnicodeText.IsWellFormed(text) || UnicodeText.HasControls(text) || UnicodeText.HasHeapedMarks(text)
        || string.IsNullOrWhiteSpace(text) || UnicodeText.Length(text) > MaxDisplayName
            ? "displayName has 1 to 64 characters, not all blank, no control characters, at most five marks on a letter"
            : null;

    /// <summary>Line breaks are allowed, other control characters are not.</summary>
    public static string? BioFault(string text) =>
        !UnicodeText.IsWellFormed(text) || UnicodeText.HasControls(text.Replace("\n", "", StringComparison.Ordinal)) || UnicodeText.HasHeapedMarks(text)
        || UnicodeText.Length(text) > MaxBio
            ? "bio has up to 500 characters, no control characters but line breaks, at most five marks on a letter"
            : null;

    public static string? AvatarUrlFault(string text) =>
        text.Length > MaxAvatarUrl
        || !UnicodeText.IsWellFormed(text)
        || text.Any(char.IsControl)
        || text.Any(char.IsWhiteSpace)
        || !Uri.TryCreate(text, UriKind.Absolute, out var url)
        || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            ? "avatarUrl is an absolute http or https address of up to 500 characters"
            : null;
}
