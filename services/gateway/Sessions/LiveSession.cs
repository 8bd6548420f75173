using Im.Hosting.Sessions;

namespace Im.Gateway.Sessions;

/// <summary>A session as this gateway holds it while a connection uses it. Every frame checks <see cref="Ended"/>, which costs a read of memory.</summary>
public sealed class LiveSession(SessionRow row)
{
    private volatile bool _ended;

    public long Key => row.SessionKey;

    public long User => row.UserId;

    public long DeviceKey => row.DeviceKey;

    public string DeviceId => row.DeviceId;

    public bool Ended => _ended;

    public void End() => _ended = true;
}
