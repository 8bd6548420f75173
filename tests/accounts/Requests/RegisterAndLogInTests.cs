using System.Diagnostics;
using Im.Contracts.Messages;

namespace Im.Accounts.Tests.Requests;

public sealed class RegisterAndLogInTests : RequestTests
{
    [Fact]
    public async Task Who_registered_logs_in_whatever_the_case_of_the_name()
    {
        var registered = await RegisterAsync("Alice");
        var session = (await LogInAsync("aLICE")).Answer!.Session;

        Assert.Equal("Alice", registered.Answer!.Username);
        Assert.Equal(registered.Answer.UserId, session.UserId);
        Assert.Equal(43, session.SessionId.Length);
    }

    [Fact]
    [Trait("abuse", "39")]
    public async Task Of_two_registrations_of_one_name_at_once_one_is_told_that_it_is_taken()
    {
        var both = await Task.WhenAll(RegisterAsync("alice"), RegisterAsync("ALICE"));

        Assert.Single(both, result => result.IsOk);
        Assert.Single(both, result => result.Refused?.Code == "username_taken");
    }

    [Theory]
    [InlineData("al", Password, null)]
    [InlineData("admin", Password, null)]
    [InlineData("b\u202Eob", Password, null)]
    [InlineData("alice", "short", null)]
    [InlineData("alice", "password123", null)]
    [InlineData("alice-in-chains", "Alice-In-Chains", null)]
    [InlineData("alice", Password, "a\nb")]
    public async Task A_registration_that_breaks_a_rule_is_invalid(string name, string password, string? displayName) =>
        Assert.Equal("invalid", (await RegisterAsync(name, password, displayName)).Refused!.Code);

    [Fact]
    [Trait("abuse", "34")]
    public async Task Whoever_cannot_log_in_gets_the_same_answer()
    {
        await RegisteredAsync("alice");
        var disabled = await RegisteredAsync("bob");
        await Host.Bus.AskAsync<DisableUser, UserDisabled>(new(disabled, true), Cancel);
        await Host.Bus.AskAsync<EnsureUsers, UsersEnsured>(new([new("cleo", null)]), Cancel);

        var answers = new[]
        {
            await LogInAsync("alice", "wrong password"),
            await LogInAsync("alice", ""),
            await LogInAsync("alice", new string('x', 5000)),
            await LogInAsync("bob"),
            await LogInAsync("cleo", ""),
            await LogInAsync("nobody"),
            await LogInAsync("system"),
            await LogInAsync("no name \u202E\uD800"),
            await LogInAsync(""),
        };

        Assert.All(answers, answer => Assert.Equal(answers[0].Refused, answer.Refused));
        Assert.Equal("bad_credentials", answers[0].Refused!.Code);
    }

    [Fact]
    [Trait("abuse", "34")]
    public async Task Whoever_cannot_log_in_waits_for_the_same_time()
    {
        const int Tries = 8, Most = 50;
        await LogInAsync("first-of-all", "wrong password");
        var (known, unknown) = (new List<double>(), new List<double>());
        // The shortest times of tries taken in turn: what else runs on the machine only ever adds to the others. Where it ran beside all, some more.
        for (var i = 0; i < Most && (i < Tries || known.Min() / unknown.Min() is < 0.5 or > 2); i++)
        {
            await RegisteredAsync($"user-{i}");
            known.Add(await TimeAsync($"user-{i}"));
            unknown.Add(await TimeAsync($"nobody-{i}"));
        }

        TestContext.Current.SendDiagnosticMessage("wrong password {0:0} ms, unknown user {1:0} ms", known.Min(), unknown.Min());
        Assert.InRange(known.Min() / unknown.Min(), 0.5, 2);
    }

    [Fact]
    public async Task The_sixth_failure_in_a_row_is_delayed_even_with_the_right_password_and_for_unknown_users_alike()
    {
        await RegisteredAsync("alice");
        foreach (var name in new[] { "alice", "stranger" })
        {
            for (var i = 0; i < 5; i++) Assert.Equal("bad_credentials", (await LogInAsync(name, "wrong password")).Refused!.Code);
            FailMore(name, 5);
            AssertDelayed(10, (await LogInAsync(name)).Refused);
        }

        // A name that no account can have is counted by a key of its own: asked until the lock, which doubles, outlasts the way to the next question.
        var (failures, refused) = (0, (await LogInAsync("nobody")).Refused!);
        for (; refused.Code == "bad_credentials" && failures < 12; refused = (await LogInAsync("nobody")).Refused!) failures++;
        Assert.Equal("too_many", refused.Code);
        Assert.InRange(failures, 5, 11);
        Assert.InRange(refused.RetryAfterMs!.Value, 1, LockMs(failures));
    }

    [Fact]
    public async Task A_faulty_device_id_is_invalid_and_opens_nothing()
    {
        var user = await RegisteredAsync("alice");

        Assert.Equal("invalid", (await LogInAsync("alice", device: new("a b", null, null))).Refused!.Code);
        Assert.Empty(await SessionsAsync(user));
    }

    [Fact]
    public async Task The_eleventh_session_ends_the_idlest_and_its_gateway_hears_of_it()
    {
        var user = await RegisteredAsync("alice");
        var first = (await LogInAsync("alice")).Answer!.Session;
        for (var i = 0; i < 10; i++) await OpenAsync(user, null);

        Assert.Equal(first.SessionKey, await Host.Neighbours.Ended.ReadAsync(Cancel));
        Assert.Equal(10, (await SessionsAsync(user)).Count);
    }

    [Fact]
    public async Task A_device_that_logs_in_again_ends_its_older_session_and_its_gateway_hears_of_it()
    {
        var user = await RegisteredAsync("alice");
        var first = await OpenAsync(user, new("phone", null, null));
        var second = await OpenAsync(user, new("phone", null, null));

        Assert.Equal(first.SessionKey, await Host.Neighbours.Ended.ReadAsync(Cancel));
        Assert.Equal("phone", second.DeviceId);
        Assert.Equal(second.SessionKey, Assert.Single(await SessionsAsync(user)).SessionKey);
    }

    [Fact]
    public async Task A_session_for_nobody_is_not_found() => Assert.Equal(
        "not_found", (await Host.Bus.AskAsync<OpenSession, SessionOpened>(new(12345, null), Cancel)).Refused!.Code);

    private async Task<SessionOpened> OpenAsync(long user, DeviceInfo? device) =>
        (await Host.Bus.AskAsync<OpenSession, SessionOpened>(new(user, device), Cancel)).Answer!;

    private async Task<double> TimeAsync(string name)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal("bad_credentials", (await LogInAsync(name, "wrong password")).Refused!.Code);
        return watch.Elapsed.TotalMilliseconds;
    }
}
