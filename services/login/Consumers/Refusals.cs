using Im.Contracts.Messages;
using Im.Login.Passwords;
using Im.Protocol;

namespace Im.Login.Consumers;

/// <summary>Refusals that several requests share, so that they are the same to the letter.</summary>
internal static class Refusals
{
    public static readonly Refused BadCredentials = new(Codes.BadCredentials, "user name or password is wrong");

    public static readonly Refused Busy =
        new(Codes.TooMany, "too many logins at once; try again", (int)PasswordQueue.RetryAfter.TotalMilliseconds);

    public static Refused Invalid(string detail) => new(Codes.Invalid, detail);

    public static Refused Delayed(TimeSpan wait) => new(Codes.TooMany, "too many attempts; wait before the next one", (int)Math.Ceiling(wait.TotalMilliseconds));
}
