using Im.Accounts.Tests.Hosts;
using Im.Contracts.Messages;

namespace Im.Accounts.Tests.Requests;

public sealed class RegisterAndLogInTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private AccountsHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AccountsHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Who_registered_logs_in_whatever_the_case_of_the_name()
    {
        var registered = await RegisterAsync("Alice");
        var session = (await LogInAsync("aLICE")).Answer!.Session;

        Assert.Equal("Alice", registered.Answer!.Username);
        Assert.Equal(registered.Answer.UserId, session.UserId);
        Assert.Equal(43, session.SessionId.Length);
    }

    private Task<Im.Hosting.Bus.CallResult<UserRegistered>> RegisterAsync(string name) =>
        _host.Bus.AskAsync<RegisterUser, UserRegistered>(new(name, Password, null, "127.0.0.1"), TestContext.Current.CancellationToken);

    private Task<Im.Hosting.Bus.CallResult<LoggedIn>> LogInAsync(string name, string password = Password, DeviceInfo? device = null) =>
        _host.Bus.AskAsync<LogIn, LoggedIn>(new(name, password, device, "127.0.0.1"), TestContext.Current.CancellationToken);
}
