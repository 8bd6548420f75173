using System.Diagnostics;
using System.Text;
using Im.Local;

namespace Im.Tool.Tests;

/// <summary>Somebody at 'im': types lines, waits for what he wants to see, keeps all that was shown.</summary>
internal sealed class Typist : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string Tool = SolutionBinaries.Built(Path.Combine("tools", "im"), "Im.Tool");

    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _looked;

    /// <param name="arguments">Of 'im'.</param>
    /// <param name="inTerminal">Through a terminal of its own instead of pipes.</param>
    public Typist(string[] arguments, bool inTerminal)
    {
        string[] command = [SolutionBinaries.Dotnet, Tool, .. arguments];
        var info = inTerminal
            ? new ProcessStartInfo(Programs.Require("script", "bsdutils"), ["-qfec", string.Join(' ', command), "/dev/null"])
            : new ProcessStartInfo(command[0], command[1..]);
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        info.Environment["TERM"] = "xterm";
        _process = Process.Start(info)!;
        _reading = ReadAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Pid => _process.Id;

    public StreamWriter Input => _process.StandardInput;

    public string Errors => _errors.IsCompleted ? _errors.Result : "";

    public string Seen
    {
        get { lock (_seen) return _seen.ToString(); }
    }

    public async Task TypeAsync(params string[] lines)
    {
        foreach (var line in lines) await Input.WriteAsync($"{line}\n");
        await Input.FlushAsync();
    }

    /// <summary>Waits until it is shown behind what was waited for before.</summary>
    public Task SeeAsync(string what, bool wholeLine = true) => WaitForAsync(wholeLine ? $"{what}\n" : what, atBegin: wholeLine);

    /// <summary>Waits for a line that ends so.</summary>
    public Task SeeEndingAsync(string what) => WaitForAsync($"{what}\n", atBegin: false);

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _reading.WaitAsync(Limit);
        await _errors.WaitAsync(Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task WaitForAsync(string what, bool atBegin)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            Task news;
            lock (_seen)
            {
                var all = _seen.ToString();
                var at = Find(all, what, atBegin);
                if (at >= 0)
                {
                    _looked = at + what.Length;
                    return;
                }

                news = _news.Task;
            }

            var left = Limit - Stopwatch.GetElapsedTime(since);
            if (left <= TimeSpan.Zero || _reading.IsCompleted && Find(Seen, what, atBegin) < 0) Assert.Fail($"'{what}' was not shown; shown was:\n{Seen}\n{Errors}");
            await Task.WhenAny(news, _reading, Task.Delay(left));
        }
    }

    private int Find(string all, string what, bool atBegin)
    {
        if (!atBegin) return all.IndexOf(what, _looked, StringComparison.Ordinal);
        if (_looked == 0 && all.StartsWith(what, StringComparison.Ordinal)) return 0;
        var at = all.IndexOf($"\n{what}", Math.Max(0, _looked - 1), StringComparison.Ordinal);
        return at < 0 ? -1 : at + 1;
    }

    private async Task ReadAsync()
    {
        var buffer = new char[1024];
        int read;
        while ((read = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_seen)
            {
                _seen.Append(buffer, 0, read);
                _news.TrySetResult();
                _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
