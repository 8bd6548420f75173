using System.Text;
using Im.Client;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests;

/// <summary>
/// A test of one topic on one running system. What a test opens ends with it. A negative is shown by a later marker message, since a connection gets
/// the messages of a conversation in order.
/// </summary>
public abstract class FlowTest(Func<Task<RunningSystem>> start, FrameFormat? format = null) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _opened = [];

    protected RunningSystem System { get; private set; } = null!;

    /// <summary>In which the devices of the test speak; JSON where it is the same to the test.</summary>
    protected FrameFormat Format { get; } = format ?? FrameFormat.Json;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => System = await start();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var one in _opened) await one.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<TestUser> NewUserAsync() => System.NewUserAsync(Cancel);

    /// <summary>Logs in a device of the user, a new one by default, and connects it, to the first gateway by default.</summary>
    protected async Task<Device> ConnectAsync(TestUser user, Uri? gateway = null, string? device = null, FrameFormat? format = null) =>
        await ConnectAsync(await user.LogInAsync(Cancel, device), gateway, format: format);

    protected async Task<Device> ConnectAsync(
        ImSession session, Uri? gateway = null, IReadOnlyDictionary<string, long>? cursors = null, FrameFormat? format = null)
    {
        var device = Keep(await Device.ConnectAsync(gateway ?? System.Gateway, session, Cancel, cursors, format ?? Format));
        await device.SyncedAsync();
        return device;
    }

    protected T Keep<T>(T opened)
        where T : IAsyncDisposable
    {
        // Tests open many at once.
        lock (_opened) _opened.Add(opened);
        return opened;
    }

    protected static Target To(TestUser user) => Target.ToUser(user.Id);

    protected static Target Into(string conversation) => Target.ToConversation(conversation);

    protected static string TextOf(ServerFrame.Message message) => Encoding.UTF8.GetString(message.Body.Span);

    protected static IEnumerable<long> Numbers(int first, int count) => Enumerable.Range(first, count).Select(number => (long)number);

    /// <summary>Asks again and again, for what nobody tells.</summary>
    protected static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isIt, TimeSpan? limit = null)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        end.CancelAfter(limit ?? Device.Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var answer = await ask();
            if (isIt(answer)) return answer;
            if (end.IsCancellationRequested) Assert.Fail($"it did not come to that in time; the last answer: {answer}");
            await timer.WaitForNextTickAsync(Cancel);
        }
    }
}
