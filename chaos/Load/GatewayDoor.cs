using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Im.Chaos.Load;

/// <summary>HTTP calls of clients, on the gateways in turn. One attempt each: who calls decides what an answer that does not come means.</summary>
internal sealed class GatewayDoor(IReadOnlyList<Uri> gateways) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new() { Timeout = Patience };
    private int _next;

    public void Dispose() => _http.Dispose();

    /// <summary>Null: no answer within ten seconds, or a broken one; the call may have been carried out, and may still be.</summary>
    public async Task<GatewayAnswer?> CallAsync(HttpMethod method, string path, string session, object? body, CancellationToken cancel)
    {
        var gateway = gateways[(int)((uint)Interlocked.Increment(ref _next) % (uint)gateways.Count)];
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(gateway, path)) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session);
            using var response = await _http.SendAsync(request, cancel);
            var hasJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
            return new GatewayAnswer((int)response.StatusCode, hasJson ? await response.Content.ReadFromJsonAsync<JsonElement>(cancel) : default);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or JsonException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}

/// <param name="Body">Undefined where the answer has no JSON.</param>
internal sealed record GatewayAnswer(int Status, JsonElement Body)
{
    public bool IsDone => Status is >= 200 and < 300;
}
