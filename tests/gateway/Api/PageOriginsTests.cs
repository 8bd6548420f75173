using Im.Gateway.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Im.Gateway.Tests.Api;

/// <summary>Which pages a browser lets call a gateway: it asks first, and goes by the answer's headers.</summary>
public sealed class PageOriginsTests
{
    private const string Known = "https://chat.example.org", Foreign = "https://evil.example";

    [Theory]
    [InlineData(Known, "/v1/me", Known)]
    [InlineData(Foreign, "/v1/me", null)]
    [InlineData(Known, "/admin", null)]
    public async Task A_page_may_call_the_client_api_from_a_named_origin_only(string origin, string path, string? allowed)
    {
        await using var app = await StartAsync([Known]);
        foreach (var method in new[] { HttpMethod.Options, HttpMethod.Get })
        {
            using var answer = await SendAsync(app, method, path, origin);
            Assert.Equal(allowed, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public async Task The_session_may_travel_in_its_header_and_nothing_runs_at_the_question()
    {
        await using var app = await StartAsync([Known]);
        using var answer = await SendAsync(app, HttpMethod.Options, "/v1/me", Known);
        Assert.Contains("Authorization", Header(answer, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("DELETE", Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_a_setting_no_other_page_may_call()
    {
        await using var app = await StartAsync([]);
        using var answer = await SendAsync(app, HttpMethod.Get, "/v1/me", Known);
        Assert.Null(Header(answer, "Access-Control-Allow-Origin"));
    }

    private static async Task<HttpResponseMessage> SendAsync(WebApplication app, HttpMethod method, string path, string origin)
    {
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "DELETE");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private static async Task<WebApplication> StartAsync(string[] origins)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddCors();
        builder.Services.AddSingleton<IStartupFilter, PageOrigins>();
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(new GatewayOptions { AllowedOrigins = origins }));
        var app = builder.Build();
        foreach (var path in new[] { "/v1/me", "/admin" }) app.MapGet(path, () => "answer");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
