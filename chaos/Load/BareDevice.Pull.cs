namespace Im.Chaos.Load;

internal sealed partial class BareDevice
{
    private volatile Task _pulled = Task.CompletedTask;

    /// <summary>
    /// Connects again and again, on the gateways in turn, while its older connections are still there: as a device whose network flaps, or two that were restored from
    /// one backup. The last one is to be left.
    /// </summary>
    public async Task PullAsync(TimeSpan length, Random random, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pulled = done.Task;
        try
        {
            for (var began = Now; Now - began < length;)
            {
                // A session that ended meanwhile is for the device's own loop to replace.
                if (!IsLoggedOut) await OpenAsync(cancel);
                await Task.Delay(TimeSpan.FromMilliseconds(200 + (random.NextDouble() * 300)), cancel);
            }
        }
        finally
        {
            done.SetResult();
        }
    }
}
