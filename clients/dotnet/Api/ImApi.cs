using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Im.Client;

/// <summary>
/// The HTTP part of the contract, one method per call. Nothing is repeated and nothing cached: an answer or an <see cref="ImApiException"/>,
/// or <see cref="HttpRequestException"/> where there was no answer within 30 s.
/// </summary>
/// <remarks>Thread-safe: any number of calls at once. Every call but those that need no session throws 401 <c>unauthorized</c> without a live one.</remarks>
public sealed partial class ImApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly HttpMessageHandler SharedHandler = new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        // So that a gateway's new address is noticed.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };

    private readonly HttpClient _http;
    private readonly Func<Uri> _server;

    /// <summary>The calls of one session, or without one those that need none.</summary>
    /// <param name="server">A gateway's base or WebSocket address.</param>
    /// <param name="session">Null for the calls that need none: register, log in, gateways.</param>
    /// <param name="handler">For TLS settings and proxies of one's own; it stays the caller's.</param>
    public ImApi(Uri server, string? session = null, HttpMessageHandler? handler = null)
        : this(() => server, session, handler)
    {
    }

    /// <param name="server">Asked at each call, so that calls follow a client from a gateway that is gone to the next.</param>
    internal ImApi(Func<Uri> server, string? session, HttpMessageHandler? handler)
    {
        _server = server;
        _http = new HttpClient(handler ?? SharedHandler, disposeHandler: false) { Timeout = Patience };
        if (session is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session);
    }

    /// <summary>Ends the calls that are under way.</summary>
    public void Dispose() => _http.Dispose();

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, path, null, answer, cancellationToken);

    private Task<TAnswer> CallAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken) =>
        CallAsync(method, path, JsonContent.Create(body, type), answer, cancellationToken);

    private async Task<T> CallAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        using var response = await ExchangeAsync(method, _server(), path, body, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, answer, cancellationToken).ConfigureAwait(false);
    }

    private async Task DoAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var response = await ExchangeAsync(method, _server(), path, body, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> ExchangeAsync(HttpMethod method, Uri server, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(GatewayAddress.Http(server), path)) { Content = body };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            // A caller who cancelled nothing should not have to catch a cancellation.
            throw new HttpRequestException(HttpRequestError.Unknown, $"no answer within {Patience.TotalSeconds} s", e);
        }
        catch (SocketException e)
        {
            // A connection that is reset right behind its handshake has no remote end point to be asked for, and .NET 10 lets that error through as it is.
            throw new HttpRequestException(HttpRequestError.ConnectionError, "the connection was reset", e);
        }

        if (response.IsSuccessStatusCode) return response;
        using (response) throw await ProblemAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken).ConfigureAwait(false)
                ?? throw new HttpRequestException(HttpRequestError.InvalidResponse, "the answer is empty");
        }
        // The second: a character set that nobody knows.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "the answer is not what the contract says", e);
        }
    }

    private static async Task<ImApiException> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var retryAfter = response.Headers.RetryAfter?.Delta;
        // A proxy on the way answers with pages of its own.
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json") return new ImApiException(status, null, null, retryAfter);
        var problem = await ReadAsync(response, ApiJson.Default.Problem, cancellationToken).ConfigureAwait(false);
        return new ImApiException(status, problem.Code, problem.Detail ?? problem.Title, retryAfter);
    }

    private static string Id(string id) => Uri.EscapeDataString(id);
}
