using Microsoft.Extensions.Options;

namespace Im.Login.Passwords;

/// <summary>What a check found.</summary>
/// <param name="Renewed">A hash with today's rounds to store in place of the old one; null where the old one is as good.</param>
public sealed record PasswordVerdict(bool Matches, PasswordHash? Renewed);

/// <summary>
/// Checks passwords so that an outsider cannot tell why one was refused: an account that does not exist, is disabled, or has no password costs one
/// hash like any other.
/// </summary>
public sealed class PasswordCheck(PasswordQueue queue, IOptions<LoginOptions> options)
{
    private readonly int _rounds = options.Value.PasswordRounds;

    // No password has this hash: what is compared against where there is nothing to compare against.
    private readonly PasswordHash _nobody = PasswordHash.Nobodys(options.Value.PasswordRounds);

    /// <summary>Null when too many checks wait already.</summary>
    /// <param name="stored">The account's hash; null where no password may match.</param>
    public Task<PasswordVerdict>? TryVerify(string? stored, string? typed) => queue.TryRun(() =>
    {
        var usable = PasswordHash.TryParse(stored, out var hash);
        var password = PasswordRules.Normalize(typed);
        var matches = (usable ? hash! : _nobody).Matches(password ?? "") && usable && password is not null;
        return new PasswordVerdict(matches, matches && hash!.Rounds < _rounds ? PasswordHash.Create(password!, _rounds) : null);
    });

    /// <summary>Null when too many checks wait already.</summary>
    public Task<PasswordHash>? TryHash(string normalized) => queue.TryRun(() => PasswordHash.Create(normalized, _rounds));
}
