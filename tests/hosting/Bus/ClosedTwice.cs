using System.Threading.Channels;

// The names that stand in the stack of the real one.
namespace RabbitMQ.Client.Framing;

internal static class Connection
{
    /// <summary>As in the client: nobody waits for it.</summary>
    public static async void HeartbeatReadTimerCallback(object? state)
    {
        await Task.Yield();
        CloseTwice();
    }

    public static void CloseTwice()
    {
        var channel = Channel.CreateUnbounded<int>();
        channel.Writer.Complete();
        channel.Writer.Complete();
    }
}
