namespace Im.Contracts.Messages;

/// <summary>The answer to any request that was refused. <paramref name="Code"/> is one of the documented codes.</summary>
public sealed record Refused(string Code, string Detail, int? RetryAfterMs = null);

/// <summary>What a device says of itself at login. All fields are optional; an id that the user had before keeps its cursors.</summary>
public sealed record DeviceInfo(string? Id, string? Name, string? Platform);

public sealed record RegisterUser(string Username, string Password, string? DisplayName, string Address);

public sealed record UserRegistered(long UserId, string Username);

/// <param name="Address">Where the request came from, for the delay that grows with failures.</param>
public sealed record LogIn(string Username, string Password, DeviceInfo? Device, string Address);

public sealed record LoggedIn(SessionOpened Session);

public sealed record NewUser(string Username, string? DisplayName);

/// <summary>Creates accounts without a password, up to 1,000; existing names keep their id.</summary>
public sealed record EnsureUsers(IReadOnlyList<NewUser> Users);

public sealed record UsersEnsured(IReadOnlyList<UserRegistered> Users);

public sealed record FindUsers(string Query, int Limit);

public sealed record UserFound(long UserId, string Username, string DisplayName, bool Disabled, long CreatedAt);

public sealed record UsersFound(IReadOnlyList<UserFound> Users);

/// <summary>Disabling ends all sessions of the user.</summary>
public sealed record DisableUser(long UserId, bool Disabled);

public sealed record UserDisabled(long UserId, bool Disabled);

public sealed record ChangePassword(long UserId, long SessionKey, string Old, string New, string Address);

public sealed record PasswordChanged(long UserId);

/// <summary>By id, or by exact name.</summary>
public sealed record GetProfile(long? UserId, string? Username);

public sealed record UpdateProfile(long UserId, string? DisplayName, string? Bio, string? AvatarUrl);

public sealed record Profile(long UserId, string Username, string DisplayName, string? Bio, string? AvatarUrl);
