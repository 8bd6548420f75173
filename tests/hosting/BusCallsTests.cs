using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Hosting.Storage;
using Im.Hosting.Tests.Bus;
using Im.Local;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Hosting.Tests;

/// <summary>A question to a service is answered, refused, or unavailable in time; it never throws.</summary>
public sealed class BusCallsTests : IAsyncLifetime
{
    /// <summary>For what hangs; a call promises its answer within five seconds.</summary>
    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("im-bus-tests-").FullName;
    private WebApplication? _host;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private BusCalls Calls => _host!.Services.GetRequiredService<BusCalls>();

    public async ValueTask InitializeAsync()
    {
        var app = ImHost.Create(
            [$"--Im:Database=Data Source={Path.Combine(_folder, "im.db")}", $"--Im:Health:Listen=http://127.0.0.1:{FreePort.Next()}"], new ProfilesModule());
        _host = app;
        await app.StartAsync(Cancel);
        await app.Services.GetRequiredService<StorageState>().Ready.WaitAsync(HangLimit, Cancel);
        Assert.Equal(BusHealthStatus.Healthy, await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, HangLimit));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            await _host.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_answer_comes_back()
    {
        var result = await Calls.AskAsync<GetProfile, Profile>(new GetProfile(7, null), Cancel);
        Assert.True(result.IsOk);
        Assert.Equal(7, result.Answer!.UserId);
    }

    [Fact]
    public async Task A_refusal_comes_back()
    {
        var result = await Calls.AskAsync<GetProfile, Profile>(new GetProfile(1, null), Cancel);
        Assert.False(result.IsOk);
        Assert.Equal("not_found", result.Refused!.Code);
    }

    [Fact]
    public async Task A_service_that_throws_is_unavailable()
    {
        var result = await Calls.AskAsync<GetProfile, Profile>(new GetProfile(2, null), Cancel);
        Assert.Equal("unavailable", result.Refused!.Code);
    }

    [Fact]
    public async Task A_service_that_nobody_runs_is_unavailable_within_the_limit()
    {
        var result = await Calls.AskAsync<GetPresence, PresenceListed>(new GetPresence([1]), Cancel).WaitAsync(HangLimit, Cancel);
        Assert.Equal("unavailable", result.Refused!.Code);
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_not_told_that_the_service_is_away()
    {
        using var gaveUp = new CancellationTokenSource();
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Calls.AskAsync<GetProfile, Profile>(new GetProfile(7, null), gaveUp.Token));
    }
}
