namespace Im.Client;

public sealed partial class ImClient
{
    /// <summary>Logs in with a name and a password and connects.</summary>
    /// <param name="server">The base address of any gateway, or of the edge in front of all.</param>
    /// <param name="username">The name of an account.</param>
    /// <param name="password">Its password; it is sent in this one call and kept nowhere.</param>
    /// <param name="device">Give the same device id each time to keep its cursors; null makes a new device.</param>
    /// <param name="cancellationToken">Ends the attempt; a session may have been opened nevertheless.</param>
    /// <exception cref="ImApiException"><c>bad_credentials</c>, <c>too_many</c> …</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    public static Task<ImClient> LogInAsync(
        Uri server, string username, string password, DeviceInfo? device = null, CancellationToken cancellationToken = default) =>
        LogInAsync(new ImClientOptions { Gateway = server, Session = "" }, username, password, device, cancellationToken);

    /// <summary>As the other one, with options; their gateway is where the login goes, their session is replaced by the new one.</summary>
    /// <exception cref="ImApiException"><c>bad_credentials</c>, <c>too_many</c> …</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    public static async Task<ImClient> LogInAsync(
        ImClientOptions options, string username, string password, DeviceInfo? device = null, CancellationToken cancellationToken = default)
    {
        using var api = new ImApi(options.Gateway, null, options.Handler);
        var session = await api.LogInAsync(username, password, device, cancellationToken).ConfigureAwait(false);
        var client = new ImClient(options with { Gateway = session.Gateway, Session = session.SessionId });
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
