using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Im.Contracts;
using Im.Local;

namespace Im.Chaos.Scenarios;

/// <summary>The two things that are said to Redis by hand, each on a connection of its own.</summary>
internal static class RedisConsole
{
    public static async Task FlushAsync(PrivateRedis redis, CancellationToken cancel)
    {
        if (await AskAsync(redis, "FLUSHALL", cancel) != "+OK") throw new InvalidOperationException("Redis was not emptied");
    }

    /// <summary>How many users have a route.</summary>
    public static async Task<int> CountRoutesAsync(PrivateRedis redis, CancellationToken cancel)
    {
        var answer = await AskAsync(redis, $"EVAL \"return #redis.call('KEYS', '{RedisKeys.RoutesPrefix}*')\" 0", cancel);
        return int.Parse(answer[1..], CultureInfo.InvariantCulture);
    }

    /// <summary>A command whose answer is one line.</summary>
    private static async Task<string> AskAsync(PrivateRedis redis, string command, CancellationToken cancel)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, redis.Port, cancel);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"AUTH {redis.Password}\r\n{command}\r\n"), cancel);
        await NextAsync();
        return await NextAsync();

        async Task<string> NextAsync()
        {
            var line = await reader.ReadLineAsync(cancel) ?? throw new IOException("Redis closed the connection");
            return line.StartsWith('-') ? throw new InvalidOperationException($"Redis refused: {line}") : line;
        }
    }
}
