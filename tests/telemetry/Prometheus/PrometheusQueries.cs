using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>A rule as Prometheus sees it.</summary>
/// <param name="Health">ok, unknown before its first round, or err.</param>
/// <param name="State">inactive, pending or firing.</param>
public sealed record RuleState(string Name, string Health, string State, string? LastError);

/// <summary>The HTTP interface of Prometheus.</summary>
public sealed class PrometheusQueries(Uri server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server };

    /// <summary>The first value of the answer; 0 where there is none.</summary>
    public async Task<double> AskAsync(string query, CancellationToken cancel)
    {
        var result = (await GetAsync($"api/v1/query?query={Uri.EscapeDataString(query)}", cancel)).GetProperty("result");
        return result.GetArrayLength() == 0 ? 0 : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    public async Task<IReadOnlyList<RuleState>> RulesAsync(CancellationToken cancel) =>
    [
        .. from @group in (await GetAsync("api/v1/rules", cancel)).GetProperty("groups").EnumerateArray()
           from rule in @group.GetProperty("rules").EnumerateArray()
           select new RuleState(
               rule.GetProperty("name").GetString()!,
               rule.GetProperty("health").GetString()!,
               rule.GetProperty("state").GetString()!,
               rule.TryGetProperty("lastError", out var error) ? error.GetString() : null),
    ];

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{path}\n{said}");
        return said.GetProperty("data");
    }
}
