using System.Net;
using Im.Client;

namespace Im.Tool.Chat;

/// <summary>'im chat NAME': a person, or a script, on the .NET client. Nothing of it is kept on disk; the session ends with the command.</summary>
internal static class ChatCommand
{
    public static async Task<int> RunAsync(ChatOptions options, CancellationToken cancel)
    {
        try
        {
            var server = options.Server ?? (RunState.Load() is { Ready: true } running
                ? running.GatewayUrls[0]
                : throw new ChatFailure("nothing is running; './im up' starts it, or name a server with --server"));
            var session = await ChatLogin.OpenAsync(options, server, cancel);
            return await ChatAsync(options, session, cancel);
        }
        catch (ChatFailure failure)
        {
            return await SayAsync(failure.Message, failure.Status);
        }
        catch (ImApiException refused)
        {
            return await SayAsync(Reason(refused), 1);
        }
        catch (HttpRequestException unreachable)
        {
            return await SayAsync($"the server cannot be reached: {CauseOf(unreachable)}", 1);
        }
        catch (ImStoppedException stopped)
        {
            return await SayAsync(stopped.Message, 1);
        }
    }

    public static string Reason(ImApiException refused) => refused switch
    {
        { RetryAfter: { } pause } => $"too many attempts; again in {Math.Ceiling(pause.TotalSeconds)} s",
        { Detail: { } detail } => Printable.Of(detail),
        { Code: { } code } => code,
        _ => $"the server answered {refused.Status} {(HttpStatusCode)refused.Status}",
    };

    /// <summary>What was tried, and what lies at the bottom of it: of TLS the outer words only say that there is more inside.</summary>
    public static string CauseOf(Exception fault)
    {
        var cause = fault;
        while (cause.InnerException is { } inner) cause = inner;
        return fault.Message.Contains(cause.Message, StringComparison.Ordinal) ? fault.Message
            : $"{fault.Message.Replace(", see inner exception.", "", StringComparison.Ordinal).TrimEnd('.')}: {cause.Message}";
    }

    private static async Task<int> ChatAsync(ChatOptions options, ImSession session, CancellationToken cancel)
    {
        await using var client = new ImClient(new ImClientOptions { Gateway = session.Gateway, Session = session.SessionId });
        using IChatTerminal terminal = Console.IsInputRedirected || Console.IsOutputRedirected
            ? new PlainTerminal(Console.In, Console.Out)
            : new LineTerminal();
        var room = new ChatRoom(client, terminal, options.Name);
        try
        {
            return await room.RunAsync(cancel);
        }
        finally
        {
            await LogOutAsync(client, session);
        }
    }

    /// <summary>Best effort: a session that is left over ends by itself after its idle time, and the user sees it in the list of his sessions.</summary>
    private static async Task LogOutAsync(ImClient client, ImSession session)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        using var api = new ImApi(client.Gateway ?? session.Gateway, session.SessionId);
        // First the goodbye with the last acknowledgements, then the end of the session.
        await client.DisposeAsync();
        try
        {
            await api.LogOutAsync(limit.Token);
        }
        catch (Exception e) when (e is ImApiException or HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"the session could not be ended: {e.Message}");
        }
    }

    private static async Task<int> SayAsync(string error, int status)
    {
        await Console.Error.WriteLineAsync(error);
        return status;
    }
}
