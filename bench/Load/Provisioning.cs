using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization;

namespace Im.Bench.Load;

internal sealed record BenchUser([property: JsonPropertyName("userId")] string UserId, [property: JsonPropertyName("username")] string Username);

internal sealed record BenchSession(
    [property: JsonPropertyName("userId")] string UserId, [property: JsonPropertyName("sessionId")] string SessionId, [property: JsonPropertyName("gateway")] Uri? Gateway);

/// <summary>Fresh users and sessions for one run, through the admin API: a thousand each call, and no password is ever hashed.</summary>
internal sealed class Provisioning(BenchOptions options) : IDisposable
{
    private const int MaxBatch = 1000;

    private readonly HttpClient _http = new()
    {
        BaseAddress = options.Admin,
        Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", options.AdminKey) },
    };

    public void Dispose() => _http.Dispose();

    public Task<List<BenchUser>> CreateUsersAsync(CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7().ToString("N")[^12..];
        var names = Enumerable.Range(0, options.Users).Select(number => new { username = $"bench-{run}-{number}" });
        return BatchAsync<object, BenchUser>("admin/v1/users:batch", "users", names, cancellationToken);
    }

    /// <summary>One session for each connection, over the users in turn.</summary>
    public Task<List<BenchSession>> OpenSessionsAsync(IReadOnlyList<BenchUser> users, CancellationToken cancellationToken)
    {
        var ids = Enumerable.Range(0, options.Connections).Select(number => users[number % users.Count].UserId);
        return BatchAsync<string, BenchSession>("admin/v1/sessions:batch", "userIds", ids, cancellationToken);
    }

    private async Task<List<TAnswer>> BatchAsync<TItem, TAnswer>(string path, string field, IEnumerable<TItem> items, CancellationToken cancellationToken)
    {
        var answers = new List<TAnswer>();
        foreach (var chunk in items.Chunk(MaxBatch))
        {
            using var response = await _http.PostAsJsonAsync(path, new Dictionary<string, TItem[]> { [field] = chunk }, cancellationToken);
            response.EnsureSuccessStatusCode();
            var batch = await response.Content.ReadFromJsonAsync<Batch<TAnswer>>(cancellationToken);
            if (batch?.Items.Count != chunk.Length) throw new HttpRequestException($"{path} answered {batch?.Items.Count} items for {chunk.Length}");
            answers.AddRange(batch.Items);
        }

        return answers;
    }

    private sealed record Batch<T>([property: JsonPropertyName("items")] List<T> Items);
}
