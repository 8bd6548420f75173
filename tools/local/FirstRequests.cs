using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Im.Local;

/// <summary>
/// A system is ready when each of its processes is. On a busy machine the first requests between them may still be answered too late, and whoever asked is
/// told 503: tests begin when that is over.
/// </summary>
public static class FirstRequests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Registers a user whom nobody needs and logs him in, again for as long as that is answered with 503. Costs two password hashes.</summary>
    /// <param name="gateway">Base URL of the gateway.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="LocalStartException">It was refused, or not answered for a minute.</exception>
    public static async Task AnsweredAsync(Uri gateway, CancellationToken cancel = default)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway };
        var (username, password) = ($"first{Guid.NewGuid():N}"[..20], $"{Guid.NewGuid():N}");
        await UntilAnsweredAsync(http, "v1/users", new { username, password }, cancel);
        await UntilAnsweredAsync(http, "v1/sessions", new { username, password, device = new { } }, cancel);
    }

    /// <summary>The same for the admin service, whose questions go out by a way of their own: makes a user whom nobody needs.</summary>
    /// <param name="admin">Base URL of the admin service.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="LocalStartException">It was refused, or not answered for a minute.</exception>
    public static async Task AnsweredAsync(Uri admin, string key, CancellationToken cancel = default)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = admin };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await UntilAnsweredAsync(http, "admin/v1/users:batch", new { users = new[] { new { username = $"first{Guid.NewGuid():N}"[..20] } } }, cancel);
    }

    private static async Task UntilAnsweredAsync(HttpClient http, string path, object body, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Pause);
        for (var isRepeated = false; ; isRepeated = true)
        {
            using var answer = await http.PostAsJsonAsync(path, body, cancel);
            // What was answered too late may have been done nevertheless.
            if (answer.IsSuccessStatusCode || (isRepeated && answer.StatusCode == HttpStatusCode.Conflict)) return;
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || TimeProvider.System.GetElapsedTime(began) > Limit)
                throw new LocalStartException($"{path} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
            await timer.WaitForNextTickAsync(cancel);
        }
    }
}
