using System.Net.Http.Json;

namespace Im.Client;

public sealed partial class ImApi
{
    /// <exception cref="ImApiException">409 <c>username_taken</c>, 400 <c>invalid</c>.</exception>
    public Task<RegisteredUser> RegisterAsync(string username, string password, string? displayName = null, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Post, "v1/users", new NewUser(username, password, displayName), ApiJson.Default.NewUser, ApiJson.Default.RegisteredUser, cancellationToken);

    /// <summary>Opens a session. With the id of a device of this user the device's older session ends and its cursors stay.</summary>
    /// <exception cref="ImApiException">401 <c>bad_credentials</c>, 429 <c>too_many</c> with a RetryAfter.</exception>
    public Task<ImSession> LogInAsync(string username, string password, DeviceInfo? device = null, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Post, "v1/sessions", new LogIn(username, password, device ?? new DeviceInfo()), ApiJson.Default.LogIn, ApiJson.Default.ImSession, cancellationToken);

    /// <summary>Ends the session of this client; its sockets close with 4401.</summary>
    public Task LogOutAsync(CancellationToken cancellationToken = default) => EndSessionAsync("current", cancellationToken);

    public Task EndSessionAsync(string sessionKey, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Delete, $"v1/sessions/{Id(sessionKey)}", null, cancellationToken);

    public async Task<IReadOnlyList<SessionInfo>> GetSessionsAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/sessions", ApiJson.Default.ItemsSessionInfo, cancellationToken)).All;

    /// <summary>Changes the password and ends the user's other sessions.</summary>
    public Task ChangePasswordAsync(string oldPassword, string newPassword, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Post, "v1/me/password", JsonContent.Create(new NewPassword(oldPassword, newPassword), ApiJson.Default.NewPassword), cancellationToken);

    /// <summary>Where to connect, least loaded first.</summary>
    public Task<IReadOnlyList<string>> GetGatewaysAsync(CancellationToken cancellationToken = default) => GetGatewaysAsync(_server, cancellationToken);

    internal async Task<IReadOnlyList<string>> GetGatewaysAsync(Uri server, CancellationToken cancellationToken)
    {
        using var response = await ExchangeAsync(HttpMethod.Get, new Uri(GatewayAddress.Http(server), "v1/gateways"), null, cancellationToken);
        return (await ReadAsync(response, ApiJson.Default.ItemsString, cancellationToken)).All;
    }
}
