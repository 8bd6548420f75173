using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Im.Client;

namespace Im.Flow.Tests.Systems;

/// <summary>The calls of the admin API that tests need, bare.</summary>
public sealed class AdminApi : IDisposable
{
    private readonly HttpClient _http;

    public AdminApi(Uri address, string key)
    {
        Address = address;
        _http = Wire.NewClient(address);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Address { get; }

    public async Task<IReadOnlyList<string>> EnsureUsersAsync(IReadOnlyList<string> names, CancellationToken cancel)
    {
        var answer = await CallAsync(HttpMethod.Post, "admin/v1/users:batch", new { users = names.Select(username => new { username }) }, cancel);
        return [.. answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("userId").GetString()!)];
    }

    public async Task<ImSession> OpenSessionAsync(string user, string? device, CancellationToken cancel)
    {
        object body = device is null ? new { } : new { device = new { id = device } };
        var answer = await CallAsync(HttpMethod.Post, $"admin/v1/users/{user}/sessions", body, cancel);
        return answer.Deserialize<ImSession>(JsonSerializerOptions.Web)!;
    }

    public Task EndSessionsAsync(string user, CancellationToken cancel) => CallAsync(HttpMethod.Delete, $"admin/v1/users/{user}/sessions", null, cancel);

    public Task DisableAsync(string user, CancellationToken cancel) =>
        CallAsync(HttpMethod.Patch, $"admin/v1/users/{user}", new { disabled = true }, cancel);

    public Task<JsonElement> PresenceAsync(string user, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"admin/v1/users/{user}/presence", null, cancel);

    public Task<JsonElement> JourneyAsync(string messageId, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"admin/v1/messages/journey?messageId={messageId}", null, cancel);

    public Task<JsonElement> LedgerAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "admin/v1/ledger", null, cancel);

    public async Task<IReadOnlyList<JsonElement>> NodesAsync(CancellationToken cancel) =>
        [.. (await CallAsync(HttpMethod.Get, "admin/v1/nodes", null, cancel)).GetProperty("items").EnumerateArray()];

    /// <summary>Any call with a body as it stands; answers with whatever comes.</summary>
    public async Task<(int Status, string Answer)> AskAsync(HttpMethod method, string path, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        using var response = await _http.SendAsync(request, cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode) throw new ImApiException((int)response.StatusCode, null, text, response.Headers.RetryAfter?.Delta);
        return response.StatusCode == HttpStatusCode.NoContent ? default : JsonDocument.Parse(text).RootElement;
    }
}
