using System.Diagnostics;
using Im.Accounts.Tests.Hosts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Hosting.Nodes;
using Im.Local;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Accounts.Tests.Requests;

public sealed class StorageAwayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), RefusalLimit = TimeSpan.FromSeconds(4);

    [Fact]
    [Trait("abuse", "90")]
    public async Task While_the_database_is_away_requests_are_refused_soon_and_without_a_stack_and_then_served_again()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var directory = new ScratchDirectory();
        await using var server = new PrivatePostgres(directory.Paths);
        await server.StartAsync(cancel);
        await using var host = await AccountsHost.StartAsync(database: server.ConnectionString);
        var tries = 0;
        // One that was answered too late may be stored: a name is tried once.
        Task<CallResult<UserRegistered>> RegisterAsync() =>
            host.Bus.AskAsync<RegisterUser, UserRegistered>(new($"alice{++tries}", "correct horse battery", null, "127.0.0.1"), cancel);

        await server.StopAsync(cancel);
        while (tries < 2)
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal("unavailable", (await RegisterAsync()).Refused!.Code);
            Assert.True(watch.Elapsed < RefusalLimit, $"{watch.Elapsed}");
        }

        Assert.DoesNotContain(host.Neighbours.Log, line => line.Contains("R-FAULT", StringComparison.Ordinal));

        await server.StartAsync(cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        do await NextReadingAsync(host, patience.Token);
        while (!(await RegisterAsync()).IsOk);
    }

    /// <summary>The node board reads the database every second; its event tells of a reading that succeeded.</summary>
    private static async Task NextReadingAsync(AccountsHost host, CancellationToken cancel)
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var board = host.Services.GetRequiredService<NodeBoard>();
        board.Changed += Read;
        await read.Task.WaitAsync(cancel);
        board.Changed -= Read;

        void Read() => read.TrySetResult();
    }
}
