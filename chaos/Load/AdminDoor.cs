using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Im.Chaos.Load;

/// <summary>
/// The admin API as a product's server uses it: where one instance does not answer the other one is asked, again and again until there is an answer.
/// </summary>
internal sealed class AdminDoor : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<Uri> _instances;
    private readonly HttpClient _http;
    private int _next;

    public AdminDoor(IReadOnlyList<Uri> instances, string key)
    {
        _instances = instances;
        _http = new HttpClient { Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>User ids in the order of the names. No password is ever made.</summary>
    public async Task<IReadOnlyList<string>> EnsureUsersAsync(IReadOnlyList<string> names, CancellationToken cancel)
    {
        var users = new List<string>(names.Count);
        foreach (var chunk in names.Chunk(1000))
        {
            var answer = (await AskAsync(HttpMethod.Post, "admin/v1/users:batch", new { users = chunk.Select(name => new { username = name }) }, null, cancel)).Answer;
            users.AddRange(answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("userId").GetString()!));
        }

        return users;
    }

    /// <summary>A session for each user named, on new devices.</summary>
    public async Task<IReadOnlyList<string>> OpenSessionsAsync(IReadOnlyList<string> users, CancellationToken cancel)
    {
        var sessions = new List<string>(users.Count);
        foreach (var chunk in users.Chunk(1000))
        {
            var answer = (await AskAsync(HttpMethod.Post, "admin/v1/sessions:batch", new { userIds = chunk }, null, cancel)).Answer;
            sessions.AddRange(answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sessionId").GetString()!));
        }

        return sessions;
    }

    /// <summary>A session for this device, whose older one ends by it.</summary>
    /// <param name="doubt">Called where an attempt was not answered: it may still be carried out, and then ends what a later one opened.</param>
    public async Task<string> OpenSessionAsync(string user, string device, Action doubt, CancellationToken cancel) =>
        (await AskAsync(HttpMethod.Post, $"admin/v1/users/{user}/sessions", new { device = new { id = device } }, doubt, cancel)).Answer.GetProperty("sessionId").GetString()!;

    /// <param name="doubt">As for <see cref="OpenSessionAsync"/>.</param>
    public Task EndSessionsAsync(string user, Action doubt, CancellationToken cancel) =>
        AskAsync(HttpMethod.Delete, $"admin/v1/users/{user}/sessions", null, doubt, cancel);

    /// <summary>What the product's own check of the log found missing so far.</summary>
    public async Task<long> CountGapsAsync(CancellationToken cancel) =>
        (await AskAsync(HttpMethod.Get, "admin/v1/ledger", null, null, cancel)).Answer.GetProperty("gaps").GetProperty("count").GetInt64();

    private async Task<(int Status, JsonElement Answer)> AskAsync(HttpMethod method, string path, object? body, Action? doubt, CancellationToken cancel)
    {
        while (true)
        {
            var instance = _instances[(int)((uint)Interlocked.Increment(ref _next) % (uint)_instances.Count)];
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(instance, path)) { Content = body is null ? null : JsonContent.Create(body) };
                using var response = await _http.SendAsync(request, cancel);
                var status = (int)response.StatusCode;
                if (response.IsSuccessStatusCode) return (status, status == 204 ? default : await response.Content.ReadFromJsonAsync<JsonElement>(cancel));
                if (status is < 500 and not 429) throw new InvalidOperationException($"{method} {path} was answered {status}: {await response.Content.ReadAsStringAsync(cancel)}");
            }
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                // It is being killed or cut off: the other one may answer.
            }

            doubt?.Invoke();
            await Task.Delay(Pause, cancel);
        }
    }
}
