using Im.Contracts.Messages;

namespace Im.Accounts.Tests.Requests;

public sealed class SecrecyTests : RequestTests
{
    private const string Canary = "canary-7f3a91 in the mine";

    [Fact]
    [Trait("abuse", "69")]
    public async Task No_password_and_no_session_id_is_ever_logged()
    {
        await RegisterAsync("alice", Canary);
        var session = (await LogInAsync("alice", Canary)).Answer!.Session;
        await LogInAsync("alice", Canary + "?");
        await LogInAsync(Canary, Canary);
        await RegisterAsync(Canary, Canary);
        await Host.Bus.AskAsync<ChangePassword, PasswordChanged>(new(session.UserId, session.SessionKey, Canary, Canary + "!", Address), Cancel);
        // A fault of the storage is where a log would tell most.
        await Host.Database.WriteAsync(connection => Dapper.SqlMapper.ExecuteAsync(connection, "ALTER TABLE accounts RENAME TO gone"), Cancel);
        Assert.Equal("unavailable", (await LogInAsync("alice", Canary)).Refused!.Code);

        // The caller has his answer before the fault is in the log.
        await Host.Neighbours.LoggedAsync("no such table", Cancel);
        Assert.DoesNotContain(Host.Neighbours.Log, line => line.Contains("canary-7f3a91", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Host.Neighbours.Log, line => line.Contains(session.SessionId, StringComparison.Ordinal));
    }
}

public sealed class ProductionLimitTests() : RequestTests("Production")
{
    [Fact]
    [Trait("abuse", "34")]
    public async Task In_production_an_address_registers_twenty_times_an_hour()
    {
        await RegisteredAsync("alice");
        for (var i = 1; i < 20; i++) Assert.Equal("username_taken", (await RegisterAsync("alice")).Refused!.Code);

        var refused = (await RegisterAsync("bob")).Refused!;

        Assert.Equal("too_many", refused.Code);
        Assert.InRange(refused.RetryAfterMs!.Value, 1, 60 * 60 * 1000);
    }
}
