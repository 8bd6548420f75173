using Im.Contracts.Messages;
using Im.Hosting.Bus;

namespace Im.Accounts.Tests.Requests;

public sealed class PasswordChangeTests : RequestTests
{
    private const string NewPassword = "another horse battery";

    [Fact]
    [Trait("abuse", "36")]
    public async Task A_change_ends_the_other_sessions_and_keeps_this_one()
    {
        await RegisterAsync("alice");
        var (here, there) = ((await LogInAsync("alice")).Answer!.Session, (await LogInAsync("alice")).Answer!.Session);

        Assert.True((await ChangeAsync(here, Password, NewPassword)).IsOk);

        Assert.Equal(there.SessionKey, await Host.Neighbours.Ended.ReadAsync(Cancel));
        Assert.Equal(here.SessionKey, Assert.Single(await SessionsAsync(here.UserId)).SessionKey);
        Assert.Equal("bad_credentials", (await LogInAsync("alice")).Refused!.Code);
        Assert.True((await LogInAsync("alice", NewPassword)).IsOk);
        Assert.Contains(Host.Neighbours.Log, line => line.Contains($"user {here.UserId} changed his password", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("abuse", "36")]
    public async Task Without_the_old_password_nothing_changes()
    {
        await RegisterAsync("alice");
        var session = (await LogInAsync("alice")).Answer!.Session;

        Assert.Equal("bad_credentials", (await ChangeAsync(session, "wrong password", NewPassword)).Refused!.Code);
        Assert.Equal("invalid", (await ChangeAsync(session, Password, "short")).Refused!.Code);
        Assert.Equal("invalid", (await ChangeAsync(session, Password, "password123")).Refused!.Code);
        Assert.True((await LogInAsync("alice")).IsOk);
    }

    [Fact]
    [Trait("abuse", "36")]
    public async Task Guessing_the_old_password_is_delayed_like_guessing_at_login()
    {
        await RegisterAsync("alice");
        var session = (await LogInAsync("alice")).Answer!.Session;
        for (var i = 0; i < 5; i++) await ChangeAsync(session, "wrong password", NewPassword);
        FailMore("alice", 5);

        AssertDelayed(10, (await ChangeAsync(session, Password, NewPassword)).Refused);
        AssertDelayed(10, (await LogInAsync("alice")).Refused);
    }

    [Fact]
    public async Task Who_came_without_a_password_cannot_change_it()
    {
        var user = (await Host.Bus.AskAsync<EnsureUsers, UsersEnsured>(new([new("cleo", null)]), Cancel)).Answer!.Users[0].UserId;
        var session = (await Host.Bus.AskAsync<OpenSession, SessionOpened>(new(user, null), Cancel)).Answer!;

        Assert.Equal("bad_credentials", (await ChangeAsync(session, "", NewPassword)).Refused!.Code);
    }

    private Task<CallResult<PasswordChanged>> ChangeAsync(SessionOpened session, string old, string fresh) =>
        Host.Bus.AskAsync<ChangePassword, PasswordChanged>(new(session.UserId, session.SessionKey, old, fresh, Address), Cancel);
}
