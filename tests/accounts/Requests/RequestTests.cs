using Im.Accounts.Tests.Hosts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;

namespace Im.Accounts.Tests.Requests;

/// <summary>Requests over the bus to a real host with all account services inside.</summary>
public abstract class RequestTests(string environment = "Development") : IAsyncLifetime
{
    protected const string Password = "correct horse battery";
    protected const string Address = "127.0.0.1";

    protected AccountsHost Host { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Host = await AccountsHost.StartAsync(environment);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<CallResult<UserRegistered>> RegisterAsync(string name, string password = Password, string? displayName = null) =>
        Host.Bus.AskAsync<RegisterUser, UserRegistered>(new(name, password, displayName, Address), Cancel);

    protected Task<CallResult<LoggedIn>> LogInAsync(string name, string password = Password, DeviceInfo? device = null) =>
        Host.Bus.AskAsync<LogIn, LoggedIn>(new(name, password, device, Address), Cancel);

    protected async Task<IReadOnlyList<SessionListed>> SessionsAsync(long user) =>
        (await Host.Bus.AskAsync<ListSessions, SessionsListed>(new(user), Cancel)).Answer!.Sessions;

    protected async Task<long> RegisteredAsync(string name) => (await RegisterAsync(name)).Answer!.UserId;
}
