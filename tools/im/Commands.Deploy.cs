using System.CommandLine;
using Im.Local;

namespace Im.Tool;

/// <summary>Commands for the system as it runs in production.</summary>
internal static partial class Commands
{
    private static Command Full()
    {
        var edge = new Option<bool>(Supervisor.WithEdge) { Description = "Put nginx with TLS before the gateways, as in production." };
        var full = New("full", "Start every service in a process of its own, with RabbitMQ, Redis and PostgreSQL, in the background.",
            (parsed, cancel) => UpFull.RunAsync(parsed.GetValue(edge), cancel));
        full.Add(edge);
        return full;
    }

    private static Command Supervise()
    {
        var edge = new Option<bool>(Supervisor.WithEdge);
        var supervise = New("supervise", "What 'up full' leaves in the background.", (parsed, cancel) => Supervisor.RunAsync(parsed.GetValue(edge), cancel));
        supervise.Add(edge);
        return supervise;
    }

    private static Command Secrets()
    {
        var url = new Option<string?>("--url") { Description = "The address that clients will use, as https://chat.example.org; https://localhost without it." };
        url.Validators.Add(given =>
        {
            var text = given.GetValueOrDefault<string>();
            if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.PathAndQuery != "/")
                given.AddError($"--url: {text} is no address of an edge; it should look like https://chat.example.org");
        });
        var directory = new Option<string?>("--directory") { Description = "Where docker-compose.yml lies; this working copy without it." };
        var secrets = New("secrets", "Make .env and a certificate for docker-compose.yml; what is there stays.", (parsed, _) => Task.FromResult(Deploy.Secrets.Run(
            parsed.GetValue(url) is { } address ? new Uri(address) : null, Path.GetFullPath(parsed.GetValue(directory) ?? SolutionBinaries.Root))));
        secrets.Add(url);
        secrets.Add(directory);
        return secrets;
    }
}
