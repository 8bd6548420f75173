using System.Net.Http.Json;
using Im.Client;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.BadInput;

/// <summary>The limits of production on HTTP calls: of a user on changes, of an address on registrations, by the address that a trusted proxy names.</summary>
public sealed class LimitsTests(RunningSystems systems) : FlowTest(systems.StrictAsync)
{
    [Fact]
    [Trait("abuse", "60")]
    public async Task A_user_who_changes_too_much_waits_and_may_go_on_reading()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        using var api = System.Api(await ann.LogInAsync(Cancel));
        // The burst is 20 and one more comes back each second: 200 calls go beyond it wherever they take less than 3 minutes.
        var refused = await Assert.ThrowsAsync<ImApiException>(async () =>
        {
            for (var i = 0; i < 200; i++) await api.ChangeMeAsync(new ProfileChange(Bio: $"{i}"), Cancel);
        });
        Assert.Equal((429, Codes.RateLimited), (refused.Status, refused.Code));
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        for (var i = 0; i < 50; i++) await api.GetMeAsync(Cancel);
        using var others = System.Api(await bob.LogInAsync(Cancel));
        await others.ChangeMeAsync(new ProfileChange(Bio: "not limited"), Cancel);
    }

    [Fact]
    [Trait("abuse", "9")]
    public async Task Behind_a_trusted_proxy_each_client_is_counted_by_its_own_address()
    {
        var taken = RunningSystem.NewName();
        Assert.Equal(201, await RegisterAsync(taken, "203.0.113.1"));
        var statuses = new List<int>();
        for (var i = 0; i < 20; i++) statuses.Add(await RegisterAsync(taken, "203.0.113.1"));
        Assert.Equal(429, statuses[^1]);
        Assert.All(statuses.SkipLast(1), status => Assert.Equal(409, status));
        Assert.Equal(409, await RegisterAsync(taken, "203.0.113.2"));
        // What a client adds in front is not what the proxy saw.
        Assert.Equal(429, await RegisterAsync(taken, "198.51.100.9, 203.0.113.1"));
    }

    private async Task<int> RegisterAsync(string name, string forwardedFor)
    {
        using var http = new HttpClient { BaseAddress = System.Gateway };
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/users")
        {
            Content = JsonContent.Create(new { username = name, password = "correct horse battery" }),
        };
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        using var answer = await http.SendAsync(request, Cancel);
        return (int)answer.StatusCode;
    }
}
