using System.Net.Http.Json;

namespace Im.Client;

public sealed partial class ImApi
{
    /// <summary>Makes an account. Needs no session.</summary>
    /// <param name="username">3 to 32 characters: letters of one script, digits and <c>. _ -</c>.</param>
    /// <param name="password">8 to 1,024 characters.</param>
    /// <param name="displayName">The name to show; null: the user name.</param>
    /// <param name="cancellationToken">Ends the wait; the account may exist nevertheless.</param>
    /// <exception cref="ImApiException">409 <c>username_taken</c>, 400 <c>invalid</c>, 429 <c>too_many</c>.</exception>
    public Task<RegisteredUser> RegisterAsync(string username, string password, string? displayName = null, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Post, "v1/users", new NewUser(username, password, displayName), ApiJson.Default.NewUser, ApiJson.Default.RegisteredUser, cancellationToken);

    /// <summary>Opens a session. With the id of a device of this user the device's older session ends and its cursors stay. Needs no session.</summary>
    /// <exception cref="ImApiException">401 <c>bad_credentials</c>, 429 <c>too_many</c> with a RetryAfter.</exception>
    public Task<ImSession> LogInAsync(string username, string password, DeviceInfo? device = null, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Post, "v1/sessions", new LogIn(username, password, device ?? new DeviceInfo()), ApiJson.Default.LogIn, ApiJson.Default.ImSession, cancellationToken);

    /// <summary>Ends the session of this client; its sockets close with 4401.</summary>
    public Task LogOutAsync(CancellationToken cancellationToken = default) => EndSessionAsync("current", cancellationToken);

    /// <summary>Ends one of the user's sessions; its sockets close within 2 s.</summary>
    /// <param name="sessionKey">From <see cref="GetSessionsAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ImApiException">404 <c>not_found</c>.</exception>
    public Task EndSessionAsync(string sessionKey, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Delete, $"v1/sessions/{Id(sessionKey)}", null, cancellationToken);

    /// <summary>The user's open sessions, this one among them.</summary>
    public async Task<IReadOnlyList<SessionInfo>> GetSessionsAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/sessions", ApiJson.Default.ItemsSessionInfo, cancellationToken).ConfigureAwait(false)).All;

    /// <summary>Changes the password and ends the user's other sessions.</summary>
    /// <exception cref="ImApiException">401 <c>bad_credentials</c> (the old one is wrong), 400 <c>invalid</c>, 429 <c>too_many</c>.</exception>
    public Task ChangePasswordAsync(string oldPassword, string newPassword, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Post, "v1/me/password", JsonContent.Create(new NewPassword(oldPassword, newPassword), ApiJson.Default.NewPassword), cancellationToken);

    /// <summary>Where to connect, least loaded first. Needs no session.</summary>
    public Task<IReadOnlyList<string>> GetGatewaysAsync(CancellationToken cancellationToken = default) => GetGatewaysAsync(_server(), cancellationToken);

    internal async Task<IReadOnlyList<string>> GetGatewaysAsync(Uri server, CancellationToken cancellationToken)
    {
        using var response = await ExchangeAsync(HttpMethod.Get, server, "v1/gateways", null, cancellationToken).ConfigureAwait(false);
        return (await ReadAsync(response, ApiJson.Default.ItemsString, cancellationToken).ConfigureAwait(false)).All;
    }
}
