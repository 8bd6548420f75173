namespace Im.Chaos.Wires;

/// <summary>Where bytes of a cut direction wait until it is whole again. Safe for several threads.</summary>
internal sealed class Gate
{
    private volatile Flow _cut;
    private volatile TaskCompletionSource _changed = New();

    public Flow Cut
    {
        get => _cut;
        set
        {
            _cut = value;
            Interlocked.Exchange(ref _changed, New()).SetResult();
        }
    }

    /// <summary>Returns when none of these directions is cut.</summary>
    public ValueTask PassAsync(Flow directions, CancellationToken cancel) => (_cut & directions) == 0 ? default : WaitAsync(directions, cancel);

    private async ValueTask WaitAsync(Flow directions, CancellationToken cancel)
    {
        while (true)
        {
            // Taken before the look: a change behind the look completes it.
            var changed = _changed.Task;
            if ((_cut & directions) == 0) return;
            await changed.WaitAsync(cancel);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
