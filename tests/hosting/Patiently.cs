using Im.Hosting.Routes;

namespace Im.Hosting.Tests;

/// <summary>
/// Asks again what may be asked again. A server or a process that pauses makes a single call fail, which the product lives with: a test that is about something
/// else does too.
/// </summary>
public static class Patiently
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The first answer that Redis was there for and that is as it should be; beyond the limit whatever comes.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool>? isIt = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            try
            {
                var answer = await ask();
                if (isIt?.Invoke(answer) != false || IsOver(began)) return answer;
            }
            catch (RoutesUnavailableException) when (!IsOver(began))
            {
                // Redis may answer the next time.
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static bool IsOver(long began) => TimeProvider.System.GetElapsedTime(began) > Limit;
}
