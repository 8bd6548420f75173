using Im.Accounts.Tests.Hosts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Login.Limits;
using Microsoft.Extensions.DependencyInjection;

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

    /// <summary>
    /// Failures beside those that a test makes itself: what five of them lock is free again in a second, and a busy machine may take as long for the next question.
    /// </summary>
    protected void FailMore(string account, int failures)
    {
        var delays = Host.Services.GetRequiredService<LoginDelays>();
        for (var i = 0; i < failures; i++) delays.Failed(account, Address);
    }

    /// <summary>So many failures were counted and not one less: that would have locked for half as long.</summary>
    protected static void AssertDelayed(int failures, Refused? refused)
    {
        Assert.Equal("too_many", refused!.Code);
        Assert.InRange(refused.RetryAfterMs!.Value, LockMs(failures - 1) + 1, LockMs(failures));
    }

    protected static int LockMs(int failures) => (int)GrowingDelay.LockAfter(failures, LoginDelays.FreePerAccount).TotalMilliseconds;
}
