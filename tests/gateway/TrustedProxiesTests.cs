using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Im.Gateway.Tests;

/// <summary>Whose word counts about where a request comes from. The requests of these tests come from 127.0.0.1.</summary>
public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("", "203.0.113.7", "127.0.0.1 http")]
    [InlineData("10.0.0.0/8", "203.0.113.7", "127.0.0.1 http")]
    [InlineData("127.0.0.1", "203.0.113.7", "203.0.113.7 https")]
    [InlineData("127.0.0.0/8", "203.0.113.7", "203.0.113.7 https")]
    [InlineData("127.0.0.1", "2001:db8::7", "2001:db8::7 https")]
    [InlineData("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7 https")]
    [InlineData("127.0.0.1 10.0.0.0/8", "198.51.100.1, 203.0.113.7, 10.9.9.9", "203.0.113.7 https")]
    [InlineData("127.0.0.1", "nonsense", "127.0.0.1 http")]
    [InlineData("127.0.0.1", null, "127.0.0.1 https")]
    public async Task The_address_is_that_which_the_nearest_untrusted_one_has(string proxies, string? forwardedFor, string seen)
    {
        await using var app = await StartAsync(proxies.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "where");
        if (forwardedFor is not null) request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.example");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal($"{seen} {http.BaseAddress.Authority}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("10.1.0.0/16", true)]
    [InlineData("192.0.2.1", true)]
    [InlineData("2001:db8::/32", true)]
    [InlineData("::1", true)]
    [InlineData("0.0.0.0/0", false)]
    [InlineData("::/0", false)]
    [InlineData("10.1.0.0/33", false)]
    [InlineData("proxy.example", false)]
    [InlineData("", false)]
    public void A_setting_that_means_no_proxy_or_everybody_is_refused_at_the_start(string text, bool allowed)
    {
        var result = new GatewayOptionsRules().Validate(null, new GatewayOptions { TrustedProxies = [text] });
        Assert.Equal(allowed, result.Succeeded);
    }

    private static async Task<WebApplication> StartAsync(string[] proxies)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddTrustedProxies();
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(new GatewayOptions { TrustedProxies = proxies }));
        var app = builder.Build();
        app.MapGet("/where", (HttpContext http) => $"{http.Connection.RemoteIpAddress} {http.Request.Scheme} {http.Request.Host}");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
