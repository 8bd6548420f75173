using System.Globalization;
using Im.Contracts.Messages;
using Im.Hosting.Limits;
using Im.Protocol;

namespace Im.Profile.Contacts;

/// <summary>
/// At most 60 new requests of one user within any hour, also such as are refused or taken back: nobody is to knock at all doors. No limit in development.
/// </summary>
public sealed class ContactRequestLimit(TimeProvider time, bool development)
{
    public const int PerHour = 60;

    private readonly HourlyLimit _requests = new(time, PerHour);

    /// <summary>Null where the user may ask, and it is counted.</summary>
    public Refused? Take(long user)
    {
        var wait = development ? TimeSpan.Zero : _requests.Take(user.ToString(CultureInfo.InvariantCulture));
        return wait == TimeSpan.Zero
            ? null
            : new Refused(Codes.RateLimited, $"at most {PerHour} new contact requests an hour", (int)Math.Ceiling(wait.TotalMilliseconds));
    }
}
