using System.ComponentModel.DataAnnotations;
using Im.Hosting.Settings;

namespace Im.Login;

/// <summary>Cost of a password check; section <c>Im:Login</c>.</summary>
public sealed class LoginOptions
{
    public const string Section = "Im:Login";

    /// <summary>Rounds of PBKDF2 for new hashes. Raising it takes effect on each user's next login; older hashes stay valid.</summary>
    [Range(Passwords.PasswordHash.MinRounds, 10_000_000)]
    [Because("with fewer a stolen hash is guessed too soon, and with more a login takes seconds")]
    public int PasswordRounds { get; init; } = Passwords.PasswordHash.MinRounds;
}
