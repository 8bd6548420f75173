using System.Reflection;

namespace Im.Login.Passwords;

/// <summary>
/// Passwords that anybody tries first: words and keyboard walks of <c>guessable-passwords.txt</c>, alone, doubled and with the usual endings. Composed
/// here, not taken from a breach.
/// </summary>
public static class GuessablePasswords
{
    private static readonly string[] Endings =
    [
        "", "!", "!!", ".", "?", "@", "#", "$", "*", "0", "00", "01", "007", "1", "1!", "11", "111", "12", "12!", "123", "123!", "123.", "1234", "1234!",
        "12345", "12345!", "123456", "1234567", "12345678", "123456789", "2", "21", "22", "23", "3", "321", "5", "666", "69", "7", "77", "777", "88",
        "888", "9", "99", "999", "_1", "_123", "@1", "@12", "@123", "@1234", "#1", "#123", "abc", "xyz",
        "2018", "2019", "2020", "2021", "2022", "2023", "2024", "2025", "2026", "2027",
        "2020!", "2021!", "2022!", "2023!", "2024!", "2025!", "2026!", "@2024", "@2025", "@2026",
    ];

    private static readonly HashSet<string> All = Compose();

    public static int Count => All.Count;

    /// <summary>Whatever the case, and with the digits that stand for letters (p4ssw0rd).</summary>
    public static bool Contains(string password)
    {
        var lower = password.ToLowerInvariant();
        if (All.Contains(lower) || IsOneCharacter(lower)) return true;
        var plain = lower.Replace('0', 'o').Replace('4', 'a').Replace('@', 'a').Replace('3', 'e').Replace('$', 's').Replace('5', 's');
        return All.Contains(plain) || All.Contains(plain.Replace('1', 'i')) || All.Contains(plain.Replace('1', 'l'));
    }

    private static bool IsOneCharacter(string password) => password.All(ch => ch == password[0]);

    private static HashSet<string> Compose()
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in Words())
        {
            all.Add(word + word);
            foreach (var ending in Endings) all.Add(word + ending);
        }

        // Shorter ones are refused for their length already.
        all.RemoveWhere(one => one.Length < PasswordRules.MinLength);
        return all;
    }

    private static IEnumerable<string> Words()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("guessable-passwords.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) yield return word;
        }
    }
}
