using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Im.Client;
using Im.Protocol;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Im.K8s.Tests.Rights;

/// <summary>The users of overlays/prod before a real broker: each service can do all of its work, and none the work of another.</summary>
public sealed class RightsTests(LimitedSystem system) : IClassFixture<LimitedSystem>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A connection tells once in three seconds that its user types.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_services_do_all_of_their_work_and_the_broker_refuses_them_nothing()
    {
        Assert.Empty(system.RefusalsAtStart);
        // The other tests are refused, which is what they are for; each has seen it written down.
        var before = system.Refusals.Count;
        using var visitor = new ImApi(system.Gateway);
        const string Old = "a long enough password", Changed = "another long password";
        await visitor.RegisterAsync("alice", Old, cancellationToken: Cancel);
        await visitor.RegisterAsync("bob", Old, cancellationToken: Cancel);
        await using var alice = await ImClient.LogInAsync(system.Gateway, "alice", Old, cancellationToken: Cancel);
        await using var bob = await ImClient.LogInAsync(system.Gateway, "bob", Old, cancellationToken: Cancel);
        var (a, b) = ((await bob.Api.FindUserAsync("alice", Cancel)).UserId, (await alice.Api.FindUserAsync("bob", Cancel)).UserId);

        // Told from one to the other: each of these crosses the broker, some of them twice.
        TaskCompletionSource typed = New(), asked = New(), read = New(), seen = New();
        bob.TypingReceived += _ => typed.TrySetResult();
        bob.ContactChanged += _ => asked.TrySetResult();
        alice.ReceiptReceived += receipt => { if (receipt.Read > 0) read.TrySetResult(); };
        alice.PresenceChanged += presence => { if (presence.Status == "busy") seen.TrySetResult(); };
        await alice.Api.RequestContactAsync(b, Cancel);
        await bob.Api.AcceptContactAsync(a, Cancel);
        SentMessage? sent = null;
        await UntilHeardAsync(read.Task, async () => sent = await HelloAsync());
        await alice.WatchAsync([b], Cancel);
        await bob.SetStatusAsync("busy", Cancel);
        await UntilHeardAsync(typed.Task, () => alice.TypingAsync(Target.ToUser(b), Cancel).AsTask());
        await Task.WhenAll(asked.Task, seen.Task).WaitAsync(Patience, Cancel);

        await alice.Api.ChangeMeAsync(new ProfileChange(Bio: "here"), Cancel);
        Assert.NotEmpty(await alice.Api.GetContactsAsync(Cancel));
        await alice.Api.BlockAsync(b, Cancel);
        await alice.Api.UnblockAsync(b, Cancel);
        await alice.Api.RemoveContactAsync(b, Cancel);
        Assert.Single(await alice.Api.GetSessionsAsync(Cancel));
        await alice.Api.ChangePasswordAsync(Old, Changed, Cancel);

        using var admin = new HttpClient { BaseAddress = system.Admin };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", system.AdminKey);
        await AdminAsync(admin, HttpMethod.Post, "admin/v1/users:batch", new { users = new[] { new { username = "carol" } } });
        await AdminAsync(admin, HttpMethod.Post, "admin/v1/sessions:batch", new { userIds = new[] { a } });
        await AdminAsync(admin, HttpMethod.Get, $"admin/v1/users/{a}/sessions");
        await AdminAsync(admin, HttpMethod.Get, $"admin/v1/users/{a}/presence");
        // A gateway that takes longer than two seconds for its answer is named silent.
        for (var began = TimeProvider.System.GetTimestamp(); !await GatewayAnswersAsync(admin, sent!.MessageId);)
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "the gateway does not say where the message is");
        await AdminAsync(admin, HttpMethod.Patch, $"admin/v1/users/{b}", new { disabled = true });
        await AdminAsync(admin, HttpMethod.Delete, $"admin/v1/users/{a}/sessions");
        // Both are told that their sessions have ended.
        await Assert.ThrowsAsync<SessionEndedException>(() => alice.SendAsync(Target.ToUser(b), "still there?", cancellationToken: Cancel)).WaitAsync(Patience, Cancel);

        Assert.Empty(system.Refusals.Skip(before));

        async Task<SentMessage> HelloAsync()
        {
            var hello = await alice.SendAsync(Target.ToUser(b), "Hello, Bob", cancellationToken: Cancel);
            await foreach (var message in bob.ReceiveAsync(Cancel))
            {
                Assert.Equal("Hello, Bob", message.Text);
                break;
            }

            await bob.MarkReadAsync(hello.Conversation, hello.Seq, Cancel);
            return hello;
        }
    }

    [Theory]
    [InlineData("login", "im.shard.0")]
    [InlineData("presence", "im.login")]
    [InlineData("profile", "im.login")]
    [InlineData("gateway", "im.shard.0")]
    [InlineData("gateway", "im.session")]
    [InlineData("admin", "im.login")]
    [InlineData("message", "im.session")]
    [InlineData("session", "im.login")]
    [InlineData("keda", "im.shard.0")]
    public Task Nobody_reads_the_queue_of_another(string service, string queue) =>
        IsRefusedAsync(service, channel => channel.BasicGetAsync(queue, true, Cancel));

    [Theory]
    [InlineData("login", "im.submit")]
    [InlineData("presence", "im.deliver")]
    [InlineData("admin", "im.deliver")]
    [InlineData("message", "im.submit")]
    [InlineData("presence", "Im.Contracts.Messages:EndSessions")]
    [InlineData("profile", "Im.Contracts.Messages:OpenSession")]
    [InlineData("gateway", "Im.Contracts.Messages:DisableUser")]
    [InlineData("keda", "im.submit")]
    [InlineData("gateway", "amq.topic")]
    public Task Nobody_says_what_only_another_says(string service, string exchange) => IsRefusedAsync(service, async channel =>
    {
        // A refusal closes the channel after the publish has returned: the next call meets it.
        await channel.BasicPublishAsync(exchange, "0", new byte[] { 1 }, Cancel);
        await channel.BasicQosAsync(0, 1, false, Cancel);
    });

    [Theory]
    [InlineData("login")]
    [InlineData("gateway")]
    [InlineData("keda")]
    public async Task Nobody_declares_a_queue_of_a_name_of_his_own_or_deletes_that_of_another(string service)
    {
        await IsRefusedAsync(service, channel => channel.QueueDeclareAsync("mine", false, false, true, cancellationToken: Cancel));
        await IsRefusedAsync(service, channel => channel.QueueDeleteAsync("im.profile", false, false, cancellationToken: Cancel));
    }

    private async Task IsRefusedAsync(string service, Func<IChannel, Task> attempt)
    {
        var before = system.Refusals.Count;
        var factory = new ConnectionFactory { Uri = system.BrokerFor(service), AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        var fault = await Assert.ThrowsAnyAsync<OperationInterruptedException>(() => attempt(channel));
        Assert.Equal((ushort)Constants.AccessRefused, fault.ShutdownReason?.ReplyCode);
        await UntilWrittenDownAsync(before);
    }

    /// <summary>The broker writes its log a moment later, in which the test could begin that looks for refusals of its own.</summary>
    private async Task UntilWrittenDownAsync(int before)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (system.Refusals.Count == before)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "the broker does not write down whom it refuses");
            await timer.WaitForNextTickAsync(Cancel);
        }
    }

    /// <summary>Typing and receipts are told once and may be lost on their way: said again, a receipt of one more message, until they were heard.</summary>
    private static async Task UntilHeardAsync(Task heard, Func<Task> say)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !heard.IsCompleted;)
        {
            await say();
            try
            {
                await heard.WaitAsync(Again, Cancel);
            }
            catch (TimeoutException) when (TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                // Lost, or not there yet.
            }
        }
    }

    private static async Task<bool> GatewayAnswersAsync(HttpClient admin, string messageId)
    {
        var journey = await AdminAsync(admin, HttpMethod.Get, $"admin/v1/messages/journey?messageId={messageId}");
        return Assert.Single(journey.GetProperty("gateways").EnumerateArray()).GetProperty("answers").GetBoolean();
    }

    private static async Task<JsonElement> AdminAsync(HttpClient admin, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await admin.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
