using Im.Client;
using Im.Protocol;

namespace Im.Tool.Chat;

/// <summary>From a name to a session: the password, and an account where there is none and the person wants one.</summary>
internal static class ChatLogin
{
    /// <exception cref="ChatFailure">The server refuses, or there is nobody to ask.</exception>
    public static async Task<ImSession> OpenAsync(ChatOptions options, Uri server, CancellationToken cancel)
    {
        var password = options.PasswordFromStdin
            ? await PlainTerminal.LineAsync(Console.In, cancel) ?? throw new ChatFailure("--password-stdin: the input is empty", 2)
            : Console.IsInputRedirected
                ? throw new ChatFailure("there is no terminal to ask for the password at; give it in the first line of the input, with --password-stdin", 2)
                : await HiddenInput.AskAsync($"password of {options.Name}: ", cancel);
        var device = new DeviceInfo(Name: "im chat", Platform: Environment.OSVersion.Platform.ToString());
        using var api = new ImApi(server);
        try
        {
            return await api.LogInAsync(options.Name, password, device, cancel);
        }
        catch (ImApiException e) when (e.Code == Codes.BadCredentials)
        {
            // The server does not tell which of the two it is, as it should; a person knows.
            await RequireConsentAsync(options, cancel);
        }

        try
        {
            await api.RegisterAsync(options.Name, password, cancellationToken: cancel);
        }
        catch (ImApiException e) when (e.Code == Codes.UsernameTaken)
        {
            throw new ChatFailure($"there is a user {options.Name}, with another password");
        }

        return await api.LogInAsync(options.Name, password, device, cancel);
    }

    private static async Task RequireConsentAsync(ChatOptions options, CancellationToken cancel)
    {
        if (options.Register) return;
        if (Console.IsInputRedirected) throw new ChatFailure($"no user {options.Name} has this password; --register makes one that does not exist");
        await Console.Error.WriteAsync($"no user {options.Name} has this password. Register {options.Name} with it? [y/N] ");
        if (await PlainTerminal.LineAsync(Console.In, cancel) is not ("y" or "Y" or "yes")) throw new ChatFailure("not logged in");
    }
}
