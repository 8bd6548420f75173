using Im.Gateway.Api;
using Im.Gateway.Sessions;
using Im.Hosting.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Im.Abuse.Tests;

/// <summary>What cannot be a session id is refused before anything is asked: length and alphabet come first.</summary>
public sealed class SessionIdTests
{
    // There is no database behind this guard: whoever asks it falls over. Limits are those of a user, so they come behind it.
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton(new SessionGuard(new SessionReader(null!), null!, TimeProvider.System, NullLogger<SessionGuard>.Instance))
        .BuildServiceProvider();

    public static TheoryData<string> Malformed { get; } =
    [
        "", " ", "*", "{}", "AAAA", new string('A', 42), new string('A', 44), new string('A', 10 * 1024), new string('A', 42) + "*", new string('A', 42) + "=",
        new string('A', 42) + "\0", new string('A', 42) + "\n", new string('A', 21) + "\n" + new string('A', 21), new string('é', 43), "' OR 1=1 --" + new string('A', 32),
        new string('A', 20) + ":{*}" + new string('A', 19), new string('A', 42) + "+", new string('A', 42) + "/",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    [Trait("abuse", "42")]
    public async Task A_malformed_id_costs_no_question_to_any_store(string id)
    {
        Assert.False(SessionId.TryHash(id, out _));
        Assert.NotNull(await AskAsync(id));
    }

    [Fact]
    [Trait("abuse", "42")]
    public async Task A_well_formed_id_is_asked_for() => await Assert.ThrowsAsync<NullReferenceException>(() => AskAsync(SessionId.New()));

    [Fact]
    [Trait("abuse", "41")]
    public void An_id_has_256_random_bits_and_none_comes_twice()
    {
        const int Count = 10_000;
        var ids = Enumerable.Range(0, Count).Select(_ => SessionId.New()).ToHashSet();
        Assert.Equal(Count, ids.Count);
        Assert.All(ids, id => Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(id).Length));
        // Every bit is a coin: of 10,000 throws 5,000 ± 400 (eight times the deviation) fall on either side.
        var ones = new int[256];
        foreach (var bytes in ids.Select(id => System.Buffers.Text.Base64Url.DecodeFromChars(id)))
            for (var bit = 0; bit < ones.Length; bit++) ones[bit] += (bytes[bit / 8] >> (bit % 8)) & 1;
        Assert.All(ones, count => Assert.InRange(count, (Count / 2) - 400, (Count / 2) + 400));
    }

    private async Task<IResult?> AskAsync(string id)
    {
        var http = new DefaultHttpContext { RequestServices = _services };
        http.Request.Headers.Authorization = $"Bearer {id}";
        return await SessionFilter.RefusalAsync(http);
    }
}
