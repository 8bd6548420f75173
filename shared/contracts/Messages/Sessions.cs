namespace Im.Contracts.Messages;

public sealed record OpenSession(long UserId, DeviceInfo? Device);

/// <param name="SessionId">The secret that the client keeps: 256 random bits, base64url. It is stored only as a hash.</param>
/// <param name="SessionKey">The name of the session that may be shown.</param>
public sealed record SessionOpened(string SessionId, long SessionKey, long UserId, string DeviceId, long ExpiresAt);

/// <summary>Sessions for up to 1,000 users of a product with accounts of its own, in the order asked.</summary>
public sealed record OpenSessions(IReadOnlyList<long> UserIds);

public sealed record SessionsOpened(IReadOnlyList<SessionOpened> Sessions);

public sealed record ListSessions(long UserId);

public sealed record SessionListed(long SessionKey, string DeviceId, string? Name, string? Platform, long LastSeenAt);

public sealed record SessionsListed(IReadOnlyList<SessionListed> Sessions);

/// <param name="SessionKey">Null ends all of them.</param>
/// <param name="Except">This one stays.</param>
public sealed record EndSessions(long UserId, long? SessionKey, long? Except = null);

/// <summary>Answer: how many were ended. Zero where the session is unknown or another's.</summary>
public sealed record SessionsEnded(int Count);

/// <summary>Event, after the end was stored: gateways close the sockets of these sessions with 4401.</summary>
public sealed record SessionEnded(IReadOnlyList<long> SessionKeys);

/// <summary>Event, a few seconds late: sessions that were used, so that they do not idle out. Batched by the gateway.</summary>
public sealed record SessionsUsed(IReadOnlyList<long> SessionKeys);
