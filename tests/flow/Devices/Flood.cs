using System.Diagnostics;
using Im.Protocol;

namespace Im.Flow.Tests.Devices;

/// <summary>Sends numbered messages on a connection as fast as the server takes them, some hundred ahead of the answers, and knows when it sent which.</summary>
internal sealed class Flood : IDisposable
{
    private const int Ahead = 200;

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, long> _sentAt = [];
    private readonly Task _sending;

    public Flood(Device device, Target to) => _sending = Task.Run(() => SendAsync(device, to));

    /// <summary>Completes when the first thousand were sent.</summary>
    public Task Flowing => _flowing.Task.WaitAsync(Device.Limit);

    /// <summary>Timestamps by the text that was sent.</summary>
    public async Task<IReadOnlyDictionary<string, long>> StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        return _sentAt;
    }

    public void Dispose() => _stop.Dispose();

    private async Task SendAsync(Device device, Target to)
    {
        for (var number = 1; !_stop.IsCancellationRequested && !device.IsClosed; number++)
        {
            var text = $"flood {number}";
            _sentAt[text] = Stopwatch.GetTimestamp();
            device.Post(to, text);
            if (number == 1000) _flowing.TrySetResult();
            while (number - device.Answers > Ahead && !_stop.IsCancellationRequested && !device.IsClosed) await device.NewsAsync();
        }
    }
}
