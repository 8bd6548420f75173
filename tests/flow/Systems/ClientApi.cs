using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Im.Client;

namespace Im.Flow.Tests.Systems;

/// <summary>The clients' HTTP API as it stands on the wire, for one session.</summary>
public sealed class ClientApi : IDisposable
{
    private readonly HttpClient _http;

    public ClientApi(Uri gateway, ImSession session)
    {
        _http = Wire.NewClient(gateway);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.SessionId);
    }

    /// <summary>The status and the code of the problem; null where there is none.</summary>
    public async Task<(int Status, string? Code)> AskAsync(HttpMethod method, string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await _http.SendAsync(request, cancel);
        if (response.IsSuccessStatusCode) return ((int)response.StatusCode, null);
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("code").GetString());
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancel) => _http.GetFromJsonAsync<JsonElement>(path, cancel);

    /// <summary>Returns when the block is in force.</summary>
    public async Task BlockAsync(string user, CancellationToken cancel) => Assert.Equal((204, null), await AskAsync(HttpMethod.Put, $"v1/blocks/{user}", cancel));

    public async Task UnblockAsync(string user, CancellationToken cancel) =>
        Assert.Equal((204, null), await AskAsync(HttpMethod.Delete, $"v1/blocks/{user}", cancel));

    public void Dispose() => _http.Dispose();
}
