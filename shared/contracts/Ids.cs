using System.Globalization;
using System.Security.Cryptography;

namespace Im.Contracts;

/// <summary>
/// New ids for users, groups, devices, sessions: positive, rising with time, 20 random bits at the end. Two processes may draw the same one;
/// the primary key decides and the loser draws again.
/// </summary>
public static class Ids
{
    /// <summary>The reserved user that speaks for the system.</summary>
    public const long SystemUser = 1;

    // Milliseconds since 2026 need 40 bits until 2060, so an id stays below 2^60 and below 19 digits.
    private static readonly long Epoch = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static long s_last;

    public static long Next(TimeProvider time)
    {
        var fresh = ((time.GetUtcNow().ToUnixTimeMilliseconds() - Epoch) << 20) | (uint)RandomNumberGenerator.GetInt32(1 << 20);
        while (true)
        {
            var last = Interlocked.Read(ref s_last);
            var next = Math.Max(fresh, last + 1);
            if (Interlocked.CompareExchange(ref s_last, next, last) == last) return next;
        }
    }

    /// <summary>When this id was drawn, in Unix milliseconds; a little later than true where very many were drawn at once.</summary>
    public static long TimeOf(long id) => (id >> 20) + Epoch;

    public static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Only what <see cref="Text"/> writes: digits, no sign, no leading zero, above 0.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long id)
    {
        id = 0;
        return text.Length is > 0 and < 20
            && text[0] is >= '1' and <= '9'
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
