using Im.Chaos.Load;
using Im.Local;

namespace Im.Chaos.Scenarios;

/// <summary>
/// Five thousand clients lose their gateway at one moment, and those who are back on it lose it again. All login services are frozen meanwhile: who comes back does
/// so without a password.
/// </summary>
public sealed class ReconnectStorm : IScenario
{
    private const int Clients = 5_000;

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(2), Between = TimeSpan.FromSeconds(10);

    /// <summary>The promise's figure for all of them.</summary>
    private static readonly TimeSpan BackLimit = TimeSpan.FromSeconds(60);

    public string Name => "reconnect-storm";

    public string About => $"a gateway with {Clients:N0} clients killed, and again 10 s after it is back, with all login services frozen; everybody is back within 60 s";

    public TimeSpan Length => TimeSpan.FromSeconds(60);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        await using var storm = await GatherAsync(stage, cancel);
        if (storm is null) return;
        ManagedProcess[] logins = [.. stage.System.Services.Where(process => process.Service == "login")];
        await stage.BreakAsync(
            "all login services frozen during the storm",
            accepting: true,
            () =>
            {
                foreach (var login in logins) login.Pause();
                return Task.CompletedTask;
            },
            async () =>
            {
                await KillAsync(stage, storm, cancel);
                await stage.PauseAsync(Between, cancel);
                await KillAsync(stage, storm, cancel);
            },
            async () =>
            {
                foreach (var login in logins) login.Resume();
                foreach (var login in logins) await stage.ReadyAsync(login);
            });
    }

    private static async Task<Storm?> GatherAsync(Stage stage, CancellationToken cancel)
    {
        try
        {
            return await Storm.GatherAsync(stage.System, Clients, gateway: 0, stage.Random.Next(), stage.Journal, cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            stage.Found($"{Clients:N0} clients were not all connected within two minutes, with nothing broken");
            return null;
        }
    }

    private static async Task KillAsync(Stage stage, Storm storm, CancellationToken cancel)
    {
        var began = stage.Journal.Now;
        await stage.KillAsync(stage.Process("gateway-1"), Away, accepting: true, cancel);
        var back = await storm.WhenBackAsync(BackLimit - (stage.Journal.Now - began), cancel);
        if (back.All is null) stage.Found($"{back.Missing} of {storm.Count} clients were not back {BackLimit.TotalSeconds:0} s after their gateway died; last close codes: {string.Join(", ", storm.LastCodes)}");
        else stage.Say($"{storm.Count} clients are back {(stage.Journal.Now - began).TotalSeconds:0.0} s after their gateway died");
    }
}
