using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Hosting.Health;
using Im.Hosting.Storage;
using Im.Local;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Hosting.Tests.Bus;

public sealed class BusWatchTests(Servers servers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_stays_deaf_while_the_broker_answers_ends_to_be_started_again()
    {
        await using var app = ImHost.Create(
            [
                $"--Im:Database={await servers.NewDatabaseAsync()}",
                $"--Im:Bus={(await servers.RabbitAsync()).Uri}",
                $"--Im:Redis={(await servers.RedisAsync()).ConnectionString}",
                $"--Im:Health:Listen=http://127.0.0.1:{FreePort.Next()}",
            ],
            new ProfilesModule());
        await app.StartAsync(Cancel);
        await app.Services.GetRequiredService<StorageState>().Ready.WaitAsync(Limit, Cancel);
        var (bus, dependencies) = (app.Services.GetRequiredService<IBusControl>(), app.Services.GetRequiredService<Dependencies>());
        Assert.True(await Patiently.UntilAsync(() => Task.FromResult(dependencies.IsUp(Dependency.Broker) && dependencies.IsUp(Dependency.Bus)), up => up));
        Assert.True((await AskAsync()).IsOk);

        // As with an endpoint that it has given up: nothing is read, and nothing in it tries to.
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var told = app.Lifetime.ApplicationStopping.Register(ending.SetResult);
        try
        {
            await bus.StopAsync(Cancel);
            await ending.Task.WaitAsync(Limit, Cancel);
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            // It is this test run's too.
            Environment.ExitCode = 0;
        }

        await app.StopAsync(CancellationToken.None);

        Task<CallResult<Profile>> AskAsync() => app.Services.GetRequiredService<BusCalls>().AskAsync<GetProfile, Profile>(new GetProfile(7, null), Cancel);
    }
}
