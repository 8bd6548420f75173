using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Im.Bench.Xmpp;

/// <summary>
/// The one thread on which all connections are read. ejabberd writes every message by itself: where each of them wakes a thread of the pool, the switches cost several times
/// what the message does (measured), and that on the machine that is being measured. Here all that has come is read in one go, and what it leads to leaves in one write for
/// each connection.
/// </summary>
internal sealed partial class XmppLoop
{
    private const short Readable = 1, Writable = 4;
    private const int Interrupted = 4;

    /// <summary>Until it sees that it is to end, or that another thread has left something unwritten.</summary>
    private const int LookEveryMs = 20;

    private readonly ConcurrentQueue<XmppClient> _newcomers = new();
    private readonly List<XmppClient> _clients = [];
    private Waiting[] _waiting = [];
    private volatile bool _ending;

    /// <summary>From the next turn on it is read.</summary>
    public void Watch(XmppClient client) => _newcomers.Enqueue(client);

    public Task RunAsync() => Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void End() => _ending = true;

    private void Run()
    {
        while (!_ending)
        {
            Welcome();
            for (var i = 0; i < _waiting.Length; i++) _waiting[i].Asked = _clients[i].IsBlocked ? (short)(Readable | Writable) : Readable;
            if (Poll(_waiting, (nuint)_waiting.Length, LookEveryMs) < 0 && Marshal.GetLastPInvokeError() is var error && error != Interrupted)
                throw new IOException($"poll: {Marshal.GetPInvokeErrorMessage(error)}");
            for (var i = 0; i < _waiting.Length; i++)
            {
                // Whatever else it says, reading tells what it is. Of a negative number nothing more is said.
                if (_waiting[i].Seen is not 0 and not Writable && !_clients[i].Receive()) _waiting[i].File = -1;
            }

            foreach (var client in _clients) client.Flush();
        }
    }

    private void Welcome()
    {
        if (_newcomers.IsEmpty) return;
        while (_newcomers.TryDequeue(out var client)) _clients.Add(client);
        var known = _waiting.Length;
        Array.Resize(ref _waiting, _clients.Count);
        for (var i = known; i < _waiting.Length; i++) _waiting[i] = new Waiting { File = _clients[i].File, Asked = Readable };
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll([In, Out] Waiting[] files, nuint count, int milliseconds);

    /// <summary>pollfd of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Waiting
    {
        public int File;
        public short Asked, Seen;
    }
}
