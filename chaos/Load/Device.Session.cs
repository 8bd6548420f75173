using Im.Chaos.Journals;

namespace Im.Chaos.Load;

internal abstract partial class Device
{
    /// <summary>A call that nobody answered may be carried out by a process that was frozen or cut off until then; after this time none is.</summary>
    private static readonly TimeSpan DoubtFor = TimeSpan.FromMinutes(4);

    private string _session = "";
    private TaskCompletionSource? _ended;
    private TimeSpan _doubtUntil;

    /// <summary>The session id.</summary>
    public string Session
    {
        get { lock (Gate) return _session; }
    }

    /// <summary>Between the end of a session and the next one.</summary>
    public bool IsLoggedOut
    {
        get { lock (Gate) return _ended is not null; }
    }

    /// <summary>A call that ends the session is about to be made.</summary>
    public void EndsSession()
    {
        lock (Gate) _ended ??= NewSignal();
        Journal.Add(new EndsSession(Now));
    }

    /// <summary>That call was answered.</summary>
    public void SessionEnded() => Journal.Add(new SessionEnded(Now));

    /// <summary>A call about this user's sessions was not answered: whatever it does it may do later.</summary>
    public void Doubt()
    {
        lock (Gate) _doubtUntil = Now + DoubtFor;
    }

    /// <summary>Leaves what is still open of the old session, and goes on with a new one.</summary>
    public async Task ReopenAsync(CancellationToken cancel)
    {
        LetGo();
        await owner.Sessions.WaitAsync(cancel);
        try
        {
            Use(await scene.Admin.OpenSessionAsync(owner.User, Id, Doubt, cancel));
        }
        finally
        {
            owner.Sessions.Release();
        }
    }

    /// <summary>Connects no more for the old session's sake.</summary>
    protected abstract void LetGo();

    /// <summary>Returns when there is a session to connect with.</summary>
    protected Task WhenSessionAsync(CancellationToken cancel)
    {
        lock (Gate) return _ended?.Task.WaitAsync(cancel) ?? Task.CompletedTask;
    }

    /// <summary>The server said "log in again" to a connection with this session.</summary>
    protected void LoggedOut(string session, CancellationToken cancel)
    {
        lock (Gate)
        {
            if (session != _session || _ended is not null) return;
            _ended = NewSignal();
            if (Now > _doubtUntil) scene.Found($"{Journal} was logged out, and nobody had ended its session");
        }

        _ = ReopenUnlessOverAsync(cancel);
    }

    private async Task ReopenUnlessOverAsync(CancellationToken cancel)
    {
        try
        {
            await ReopenAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception e)
        {
            scene.Found($"{Journal} cannot log in again: {e}");
        }
    }

    private void Use(string session)
    {
        Journal.Add(new SessionOpened(Now));
        lock (Gate)
        {
            _session = session;
            _ended?.TrySetResult();
            _ended = null;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
