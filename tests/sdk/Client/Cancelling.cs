using System.Reflection;
using Im.Protocol;

namespace Im.Client.Tests.Client;

/// <summary>Every public method that waits, found by reflection, in every state of the client: none is forgotten, a new one neither.</summary>
public class Cancelling : ClientTest
{
    // They note what is wanted and return; they wait only while a connection's buffer is full.
    private static readonly string[] Immediate = ["AckAsync", "MarkReadAsync", "WatchAsync", "UnwatchAsync", "SetStatusAsync", "TypingAsync"];

    public enum Standing
    {
        New,
        Connecting,
        Connected,
        Reconnecting,
        Ended,
        Disposed,
    }

    [Fact]
    public void Every_method_that_waits_takes_a_token() => Assert.All(
        Methods(typeof(ImClient), BindingFlags.Static).Concat(Methods(typeof(ImClient))).Concat(Methods(typeof(ImApi)))
            .Concat(Methods(typeof(ImConnection), BindingFlags.Static)).Concat(Methods(typeof(ImConnection))),
        method => Assert.True(method.GetParameters() is [.., { HasDefaultValue: true } last] && last.ParameterType == typeof(CancellationToken), $"{method}"));

    [Theory]
    [MemberData(nameof(Standings))]
    public async Task A_token_that_is_cancelled_before_ends_every_call_at_once(Standing standing)
    {
        var socket = await StandAsync(standing);
        foreach (var (target, method) in Calls())
        {
            var ended = await EndOfAsync(target, method, new CancellationToken(canceled: true));
            Assert.True(ended is OperationCanceledException || (IsOver(standing) && ended is ImStoppedException or ObjectDisposedException), $"{method}: {ended}");
        }

        await StillChatsAsync(standing, socket);
    }

    [Theory]
    [MemberData(nameof(Standings))]
    public async Task Cancelling_ends_every_wait_and_nothing_else(Standing standing)
    {
        Gateway.Http = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var socket = await StandAsync(standing);
        foreach (var (target, method) in Calls())
        {
            using var cancel = new CancellationTokenSource();
            var ending = EndOfAsync(target, method, cancel.Token);
            await cancel.CancelAsync();
            var ended = await ending;
            Assert.True(IsRight(standing, method.Name, ended, cancel.Token), $"{method}: {ended?.ToString() ?? "returned"}");
        }

        await StillChatsAsync(standing, socket);
    }

    [Theory]
    [MemberData(nameof(Standings))]
    public async Task No_continuation_goes_to_the_callers_synchronization_context(Standing standing)
    {
        Gateway.Http = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await StandAsync(standing);
        using var cancel = new CancellationTokenSource();
        var context = new CountingContext();
        var endings = new List<Task<Exception?>>();
        var caller = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            endings.AddRange(Calls().Select(call => EndOfAsync(call.Target, call.Method, cancel.Token)));
        });
        caller.Start();
        caller.Join();
        await cancel.CancelAsync();
        await Task.WhenAll(endings).WaitAsync(Soon.Limit);
        Assert.Equal(0, context.Posts);
    }

    public static TheoryData<Standing> Standings => new(Enum.GetValues<Standing>());

    private static bool IsOver(Standing standing) => standing is Standing.Ended or Standing.Disposed;

    private static bool IsRight(Standing standing, string method, Exception? ended, CancellationToken token) => ended switch
    {
        // A disposed client has no more messages: its loops end.
        null => Immediate.Contains(method) || (method == "ConnectAsync" && standing == Standing.Connected) || (method == "ReceiveAsync" && standing == Standing.Disposed),
        OperationCanceledException cancelled => cancelled.CancellationToken == token,
        ImStoppedException or ObjectDisposedException => IsOver(standing),
        InvalidOperationException => standing == Standing.New && method == "SendAsync",
        _ => false,
    };

    private async Task<FakeSocket?> StandAsync(Standing standing)
    {
        FakeSocket? socket = null;
        if (standing == Standing.Connecting)
        {
            _ = Client.ConnectAsync(new CancellationTokenSource(0).Token);
            var connecting = Client.ConnectAsync();
            socket = await Gateway.SocketAsync();
            Assert.False(connecting.IsCompleted);
        }
        else if (standing is not (Standing.New or Standing.Disposed))
        {
            socket = await ConnectAsync();
        }

        if (standing == Standing.Reconnecting)
        {
            var reconnecting = StateAsync(ImClientState.Reconnecting);
            socket!.Break();
            await reconnecting;
        }

        if (standing == Standing.Ended)
        {
            var ended = StateAsync(ImClientState.SessionEnded);
            await socket!.CloseAsync(CloseCodes.LogInAgain);
            await ended;
        }

        if (standing == Standing.Disposed) await Client.DisposeAsync();
        return socket;
    }

    /// <summary>What was cancelled neither broke the connection nor is sent later.</summary>
    private async Task StillChatsAsync(Standing standing, FakeSocket? socket)
    {
        if (standing != Standing.Connected) return;
        // What went out before it was cancelled comes before the first of these; nothing of it comes after.
        var before = Send("before");
        await socket!.AcceptAsync(await NextSendAsync(socket, "before"), "c1", 1);
        await before.WaitAsync(Soon.Limit);
        Time.Advance(TimeSpan.FromSeconds(6));
        var sending = Send("after");
        var first = await NextSendAsync(socket);
        Assert.Equal("after", Text(first));
        await socket.AcceptAsync(first, "c1", 2);
        await sending.WaitAsync(Soon.Limit);
    }

    private static async Task<ClientFrame.Send> NextSendAsync(FakeSocket socket, string? text = null)
    {
        while (true)
            if (await socket.FrameAsync() is ClientFrame.Send send && (text is null || Text(send) == text)) return send;
    }

    private IEnumerable<(object? Target, MethodInfo Method)> Calls() =>
        Methods(typeof(ImClient)).Select(method => ((object?)Client, method)).Concat(Methods(typeof(ImApi)).Select(method => ((object?)Client.Api, method)))
            .Concat(Methods(typeof(ImClient), BindingFlags.Static).Select(method => ((object?)null, method)));

    private static IEnumerable<MethodInfo> Methods(Type type, BindingFlags kind = BindingFlags.Instance) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.DeclaredOnly | kind)
            .Where(method => method.Name != nameof(IAsyncDisposable.DisposeAsync)
                && (typeof(Task).IsAssignableFrom(method.ReturnType) || method.ReturnType == typeof(ValueTask) || IsOf(method, typeof(ValueTask<>)) || IsOf(method, typeof(IAsyncEnumerable<>))));

    private static bool IsOf(MethodInfo method, Type generic) => method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == generic;

    /// <summary>Calls it and answers with what it ended with; null where it returned.</summary>
    private async Task<Exception?> EndOfAsync(object? target, MethodInfo method, CancellationToken token)
    {
        try
        {
            var result = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, [.. method.GetParameters().Select(parameter => Argument(parameter, token))], null);
            var task = result switch
            {
                Task one => one,
                ValueTask one => one.AsTask(),
                _ => (Task)GetType().GetMethod(nameof(DrainAsync), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(method.ReturnType.GetGenericArguments()).Invoke(null, [result])!,
            };
            await task.WaitAsync(Soon.Limit, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            return e;
        }
    }

    private static async Task DrainAsync<T>(IAsyncEnumerable<T> all)
    {
        await foreach (var one in all.ConfigureAwait(false)) Assert.NotNull(one);
    }

    private object? Argument(ParameterInfo parameter, CancellationToken token)
    {
        if (parameter.ParameterType == typeof(CancellationToken)) return token;
        if (parameter.HasDefaultValue) return parameter.DefaultValue;
        if (parameter.Name == "status") return ImStatus.Away;
        if (parameter.ParameterType == typeof(string)) return "x1";
        if (parameter.ParameterType == typeof(long)) return 1L;
        if (parameter.ParameterType == typeof(Target)) return Bob;
        if (parameter.ParameterType == typeof(ReadOnlyMemory<byte>)) return new ReadOnlyMemory<byte>([65]);
        if (parameter.ParameterType == typeof(ProfileChange)) return new ProfileChange();
        if (parameter.ParameterType == typeof(Uri)) return Gateway.Address;
        if (parameter.ParameterType == typeof(ImClientOptions)) return Options;
        if (parameter.ParameterType.IsAssignableFrom(typeof(string[]))) return new[] { "bob" };
        throw new InvalidOperationException($"what to give for {parameter.ParameterType} {parameter.Name}?");
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => _posts;

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            base.Post(d, state);
        }
    }
}
