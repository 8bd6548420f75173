using System.Text.RegularExpressions;

namespace Im.Abuse.Tests;

/// <summary>Texts that look like secrets: known forms, and long random words where a password, key or token is set.</summary>
internal static partial class Secrets
{
    /// <summary>Bits a character: words and runs of digits stay below, random letters and digits come above.</summary>
    private const double Random = 3.6;

    /// <summary>Words of examples; the last is the nonce that RFC 6455 prints.</summary>
    private static readonly string[] Placeholders = ["password", "guest", "secret", "pass", "dGhlIHNhbXBsZSBub25jZQ"];

    public static IEnumerable<string> In(string text)
    {
        foreach (Match match in Form().Matches(text)) yield return match.Value;
        foreach (Match match in InUrl().Matches(text))
            if (!IsExample(match.Groups[1].Value) && BitsOf(match.Groups[1].Value) > 3) yield return match.Value;
        foreach (Match match in Assigned().Matches(text))
        {
            var word = match.Groups[1].Value.TrimEnd('=');
            if (BitsOf(word) > Random && word.Any(char.IsAsciiDigit) && !IsExample(word)) yield return match.Value;
        }
    }

    /// <summary>Canaries are made to be found in logs, and are the password of nothing; <c>$(…)</c> names a variable that has it.</summary>
    private static bool IsExample(string word) =>
        Placeholders.Contains(word) || word.StartsWith("canary-", StringComparison.Ordinal) || word is ['$', '(', .., ')'];

    /// <summary>Shannon entropy.</summary>
    private static double BitsOf(string word) => -word.GroupBy(ch => ch).Select(group => (double)group.Count() / word.Length).Sum(share => share * Math.Log2(share));

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}|\beyJ[\w-]{20,}\.eyJ[\w-]{20,}")]
    private static partial Regex Form();

    [GeneratedRegex(@"\w+://[^\s:/@""'{}<>]+:([^\s:/@""'{}<>]{4,})@")]
    private static partial Regex InUrl();

    /// <summary>Not the call of a method, as of a class that loads a key.</summary>
    [GeneratedRegex(@"(?:password|passwd|pwd|secret|token|apikey|api_key|key)""?\s*[:=]\s*""?([A-Za-z0-9+/_-]{16,}=*)\b(?!\.\w+\()", RegexOptions.IgnoreCase)]
    private static partial Regex Assigned();
}
