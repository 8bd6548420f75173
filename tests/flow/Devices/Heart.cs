using Im.Protocol;

namespace Im.Flow.Tests.Devices;

/// <summary>Beats for a device, several times in each second.</summary>
internal sealed class Heart(Device device) : IDisposable
{
    private readonly Timer _timer = new(_ => device.Send(new ClientFrame.Ping()), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(300));

    public void Dispose() => _timer.Dispose();
}
