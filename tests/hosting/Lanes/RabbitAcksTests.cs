using System.Reflection;
using System.Threading.Channels;
using Im.Hosting.Lanes;
using RabbitMQ.Client;

namespace Im.Hosting.Tests.Lanes;

public sealed class RabbitAcksTests
{
    private readonly IChannel _channel = DispatchProxy.Create<IChannel, RecordingChannel>();

    private List<ulong> Told => ((RecordingChannel)_channel).Acknowledged;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_32nd_delivery_is_told_and_stands_for_those_before_it()
    {
        var acks = new RabbitAcks(_channel, TimeProvider.System);
        for (ulong tag = 1; tag <= 70; tag++) await acks.UpToAsync(tag, Cancel);
        Assert.Equal([32ul, 64ul], Told);
    }

    [Fact]
    public async Task Fewer_are_told_a_moment_later_and_stand_for_all_that_came_meanwhile()
    {
        var acks = new RabbitAcks(_channel, TimeProvider.System);
        await acks.UpToAsync(1, Cancel);
        await acks.UpToAsync(5, Cancel);
        await ((RecordingChannel)_channel).NextAsync();
        await acks.UpToAsync(6, Cancel);
        await ((RecordingChannel)_channel).NextAsync();
        await acks.DisposeAsync();
        Assert.Equal([5ul, 6ul], Told);
    }

    [Fact]
    public async Task What_waits_at_the_end_is_told_before_the_channel_is_closed()
    {
        var acks = new RabbitAcks(_channel, TimeProvider.System);
        await acks.UpToAsync(3, Cancel);
        await acks.DisposeAsync();
        Assert.Equal([3ul], Told);
    }

    [Fact]
    public async Task On_a_channel_that_has_gone_nothing_is_told()
    {
        var acks = new RabbitAcks(_channel, TimeProvider.System);
        ((RecordingChannel)_channel).IsOpen = false;
        for (ulong tag = 1; tag <= 40; tag++) await acks.UpToAsync(tag, Cancel);
        await acks.DisposeAsync();
        Assert.Empty(Told);
    }

    /// <summary>A channel of which only acknowledgements are used.</summary>
    public class RecordingChannel : DispatchProxy
    {
        public List<ulong> Acknowledged { get; } = [];

        private readonly Channel<ulong> _acknowledged = Channel.CreateUnbounded<ulong>();

        public bool IsOpen { get; set; } = true;

        public ValueTask<ulong> NextAsync() => _acknowledged.Reader.ReadAsync(Cancel);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case "get_IsOpen":
                    return IsOpen;
                case nameof(IChannel.BasicAckAsync):
                    Assert.True((bool)args![1]!);
                    Acknowledged.Add((ulong)args[0]!);
                    _acknowledged.Writer.TryWrite((ulong)args[0]!);
                    return ValueTask.CompletedTask;
                default:
                    throw new NotSupportedException(targetMethod.Name);
            }
        }
    }
}
