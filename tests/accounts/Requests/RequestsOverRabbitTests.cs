using Im.Accounts.Tests.Hosts;
using Im.Contracts.Messages;
using Im.Local;

namespace Im.Accounts.Tests.Requests;

public sealed class RequestsOverRabbitTests
{
    [Fact]
    public async Task Requests_answers_and_events_travel_over_a_real_broker()
    {
        const string Password = "correct horse battery";
        var cancel = TestContext.Current.CancellationToken;
        using var directory = new ScratchDirectory();
        await using var broker = new PrivateRabbitMq(directory.Paths);
        await using var redis = new PrivateRedis(directory.Paths);
        await using var postgres = new PrivatePostgres(directory.Paths);
        await Task.WhenAll(broker.StartAsync(cancel), redis.StartAsync(cancel), postgres.StartAsync(cancel));
        await using var host = await AccountsHost.StartAsync(
            database: postgres.ConnectionString, settings: [$"--Im:Bus={broker.Uri}", $"--Im:Redis={redis.ConnectionString}"]);

        var registered = await host.Bus.AskAsync<RegisterUser, UserRegistered>(new("Alice", Password, "Ann 😀", "127.0.0.1"), cancel);
        var first = await host.Bus.AskAsync<LogIn, LoggedIn>(new("alice", Password, new("phone", null, null), "127.0.0.1"), cancel);
        var second = await host.Bus.AskAsync<LogIn, LoggedIn>(new("alice", Password, new("phone", null, null), "127.0.0.1"), cancel);
        var profile = await host.Bus.AskAsync<GetProfile, Im.Contracts.Messages.Profile>(new(null, "ALICE"), cancel);
        var wrong = await host.Bus.AskAsync<LogIn, LoggedIn>(new("alice", "wrong password", null, "127.0.0.1"), cancel);

        Assert.Equal(registered.Answer!.UserId, second.Answer!.Session.UserId);
        Assert.Equal(first.Answer!.Session.SessionKey, await host.Neighbours.Ended.ReadAsync(cancel));
        Assert.Equal("Ann 😀", profile.Answer!.DisplayName);
        Assert.Equal("bad_credentials", wrong.Refused!.Code);
    }
}
