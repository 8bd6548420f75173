using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Local;
using Im.Protocol;
using Npgsql;

namespace Im.Faults.Tests;

/// <summary>The servers behind the system die and come back: what is not stored is said so in time, what is stored arrives.</summary>
public sealed class ServerTests(RunningSystems systems) : FaultTest(systems)
{
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(4), DeliveryLimit = TimeSpan.FromSeconds(45);

    [Theory]
    [InlineData("rabbitmq")]
    [InlineData("postgres")]
    public async Task While_it_is_away_every_send_is_answered_unavailable_and_after_its_return_all_goes_on(string server)
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        await anns.SayAsync(To(bob), "before");
        await using var load = await Load.StartAsync(System, Cancel);

        Cluster[server].Kill();
        for (var number = 1; number <= 3; number++) await IsRefusedInTimeAsync(anns, To(bob), $"{number}");
        await Cluster[server].StartAsync(Cancel);
        await ResumesAsync(anns, To(bob));
        foreach (var number in Numbers(1, 3)) await IsAcceptedAsync(anns, To(bob), $"{number}");
        await anns.SayAsync(To(bob), "after");

        Assert.False(anns.IsClosed);
        await bobs.NextAsync<ServerFrame.Message>(message => TextOf(message) == "after", DeliveryLimit);
        Assert.Equal(["1", "2", "3"], bobs.Messages.Select(TextOf).Where(text => text.Length == 1).Order());
        await load.EndsCompleteAsync(Cancel);
    }

    [Fact]
    public async Task What_was_read_while_the_database_was_away_is_known_when_it_is_back()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        var sent = await anns.SayAsync(To(bob), "before");
        await bobs.MessageAsync("before");
        var session = await ann.LogInAsync(Cancel);
        Cluster.Postgres.Kill();
        bobs.Send(new ClientFrame.Read(sent.Conversation, sent.Seq));
        // Several refusals later the report has been tried and refused as well.
        for (var number = 1; number <= 2; number++) await IsRefusedInTimeAsync(anns, To(bob), $"{number}");
        await Cluster.Postgres.StartAsync(Cancel);
        await anns.NextAsync<ServerFrame.Receipt>(receipt => receipt.Read == sent.Seq, DeliveryLimit);
        using var api = new ClientApi(System.Gateway, session);
        var peer = (await api.GetAsync($"v1/conversations/{sent.Conversation}", Cancel)).GetProperty("peer");
        Assert.Equal(sent.Seq, peer.GetProperty("readSeq").GetInt64());
    }

    [Fact]
    public async Task Without_redis_messages_are_accepted_and_delivered_within_45_seconds()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        await anns.SayAsync(To(bob), "before");
        await bobs.MessageAsync("before");
        Cluster.Redis.Kill();
        var sent = await anns.SayAsync(To(bob), "without redis");
        Assert.Equal(2, sent.Seq);
        await bobs.NextAsync<ServerFrame.Message>(message => TextOf(message) == "without redis", DeliveryLimit);
        await Cluster.Redis.StartAsync(Cancel);
        await anns.SayAsync(To(bob), "with redis");
        await bobs.NextAsync<ServerFrame.Message>(message => TextOf(message) == "with redis", DeliveryLimit);
        Assert.False(anns.IsClosed || bobs.IsClosed);
    }

    [Fact]
    public async Task A_connection_that_gets_no_epoch_comes_back_and_its_gateway_lives_on_when_redis_does()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var session = await ann.LogInAsync(Cancel);
        var bobs = await ConnectAsync(bob, System.Gateways[0]);
        ManagedProcess[] gateways = [Cluster["gateway-1"], Cluster["gateway-2"]];
        var before = gateways.Select(gateway => gateway.Pid).ToArray();
        await System.ExecuteAsync("ALTER SEQUENCE connection_epochs RENAME TO connection_epochs_away", new { }, Cancel);
        try
        {
            Cluster.Redis.Kill();
            await using var early = await Device.OpenAsync(System.Gateways[0], Cancel);
            early.Send(new ClientFrame.Hello(session.SessionId));
            Assert.Equal(CloseCodes.Restarting, await early.ClosedAsync());
        }
        finally
        {
            await System.ExecuteAsync("ALTER SEQUENCE connection_epochs_away RENAME TO connection_epochs", new { }, Cancel);
            await Cluster.Redis.StartAsync(Cancel);
        }

        var anns = await ConnectAsync(session, System.Gateways[1]);
        await anns.SayAsync(To(bob), "with redis");
        await bobs.NextAsync<ServerFrame.Message>(message => TextOf(message) == "with redis", DeliveryLimit);
        await RecoversAsync();
        Assert.False(bobs.IsClosed);
        Assert.Equal(before, gateways.Select(gateway => gateway.IsRunning ? gateway.Pid : 0));
    }

    [Fact]
    public async Task While_no_standby_confirms_a_commit_nothing_is_accepted()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        await anns.SayAsync(To(bob), "before");
        await RequireStandbyAsync("nobody");
        try
        {
            // Longer than any statement is waited for: in the end the row can be seen on the server that has it alone.
            for (var time = 1; time <= 4; time++) await IsRefusedInTimeAsync(anns, To(bob), "1");
            await IsRefusedInTimeAsync(anns, To(bob), "2");
        }
        finally
        {
            await RequireStandbyAsync("");
        }

        await ResumesAsync(anns, To(bob));
        foreach (var number in Numbers(1, 2)) await IsAcceptedAsync(anns, To(bob), $"{number}");
        await anns.SayAsync(To(bob), "after");
        await bobs.NextAsync<ServerFrame.Message>(message => TextOf(message) == "after", DeliveryLimit);
        Assert.Equal(["1", "2"], bobs.Messages.Select(TextOf).Where(text => text.Length == 1).Order());
    }

    [Fact]
    public async Task An_emptied_redis_logs_nobody_out_and_loses_nothing()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var session = await ann.LogInAsync(Cancel);
        var (anns, bobs) = (await ConnectAsync(session, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        await using var load = await Load.StartAsync(System, Cancel);
        await FlushRedisAsync();
        await anns.SayAsync(To(bob), "after the flush");
        await bobs.NextAsync<ServerFrame.Message>(message => TextOf(message) == "after the flush", DeliveryLimit);
        await load.FlowsAsync(300, Cancel);
        await load.EndsCompleteAsync(Cancel);
        Assert.False(anns.IsClosed || bobs.IsClosed);
        await ConnectAsync(session, System.Gateways[1]);
        Assert.Equal(CloseCodes.Replaced, await anns.ClosedAsync());
    }

    [Fact]
    public async Task Services_that_start_before_their_servers_wait_for_them()
    {
        await Cluster.StopAsync(Cancel);
        ManagedProcess[] servers = [Cluster.RabbitMq, Cluster.Redis, Cluster.Postgres];
        var services = Cluster.Processes.Except(servers).Select(service => service.StartAsync(Cancel)).ToList();
        await UntilAsync(() => Task.FromResult(Cluster.Processes.Except(servers).All(service => service.IsRunning)), running => running);
        foreach (var server in servers) await server.StartAsync(Cancel);
        await Task.WhenAll(services);
        await RecoversAsync();
        await using var load = await Load.StartAsync(System, Cancel);
        await load.EndsCompleteAsync(Cancel);
    }

    private static async Task IsRefusedInTimeAsync(Device device, Target to, string id)
    {
        var refused = Assert.IsType<ServerFrame.Rejected>(await device.AnswerAsync(to, id, id, RefusalLimit));
        Assert.Equal((Codes.Unavailable, true), (refused.Code, refused.Retryable));
    }

    private static async Task ResumesAsync(Device device, Target to)
    {
        var back = Stopwatch.GetTimestamp();
        for (var number = 1; await device.AnswerAsync(to, $"back {number}") is not ServerFrame.Accepted; number++)
            Assert.InRange(Stopwatch.GetElapsedTime(back), TimeSpan.Zero, RecoveryLimit);
    }

    /// <summary>Repeats the send until it is stored, as clients do.</summary>
    private static async Task IsAcceptedAsync(Device device, Target to, string id)
    {
        while (await device.AnswerAsync(to, id, id) is not ServerFrame.Accepted)
        {
        }
    }

    /// <summary>
    /// From now on no commit returns before the standby of this name has it; none is needed without a name. PostgreSQL only begins to reload when it is asked: the
    /// rule holds from the moment when its checkpointer has read it, so commits are tried until one waits (or none does).
    /// </summary>
    private async Task RequireStandbyAsync(string name)
    {
        await using var database = await OpenDatabaseAsync();
        foreach (var sql in (string[])[$"ALTER SYSTEM SET synchronous_standby_names = '{name}'", "SELECT pg_reload_conf()", "SET statement_timeout = '200ms'"])
            await ExecuteAsync(sql);
        var waited = false;
        database.Notice += (_, said) => waited |= said.Notice.Routine == "SyncRepWaitForLSN";
        await UntilAsync(
            async () =>
            {
                waited = false;
                await ExecuteAsync("SELECT pg_logical_emit_message(true, 'test', '')");
                return waited;
            },
            waits => waits == (name.Length > 0));

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, database);
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }

    private async Task FlushRedisAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Cluster.Redis.Port, Cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"AUTH {Cluster.Redis.Password}\r\nFLUSHALL\r\n"), Cancel);
        var answer = new byte[64];
        var length = await client.GetStream().ReadAtLeastAsync(answer, 10, cancellationToken: Cancel);
        Assert.Equal("+OK\r\n+OK\r\n", Encoding.ASCII.GetString(answer, 0, length));
    }
}
