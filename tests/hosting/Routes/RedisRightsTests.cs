using Im.Local;
using StackExchange.Redis;

namespace Im.Hosting.Tests.Routes;

/// <summary>
/// The users of the services before a real Redis: each attempts what belongs to others. That they may do what they must the flow and fault tests show, whose systems come as
/// these users.
/// </summary>
public sealed class RedisRightsTests(Servers servers)
{
    private static readonly string[] Gateway = ["gateway"], Presence = ["presence"], Writers = ["gateway", "presence"], Readers = [.. Writers, "message", "admin"], Nobody = [];

    /// <summary>Who may do what, key by key; and what nobody may.</summary>
    private static readonly (string Command, string[] Whose)[] Attempts =
    [
        ("GET im:routes:1", Readers), ("SET im:routes:1 x", Writers), ("DEL im:routes:1", Writers),
        ("SADD im:users:b 1", Writers), ("SADD im:boots b", Writers), ("SET im:lease:b x", Gateway), ("EXISTS im:lease:b", Presence),
        ("SET im:marker 1", Presence), ("GET im:presence:1", Presence), ("SET im:presence:1 x", Presence), ("SADD im:presence:here 1", Presence),
        ("EVAL return(1) 0", Writers), ("GET other", Nobody), ("SET im:other x", Nobody), ("PUBLISH any x", Nobody), ("SUBSCRIBE any", Nobody),
        ("FLUSHALL", Nobody), ("FLUSHDB", Nobody), ("KEYS *", Nobody), ("SCAN 0", Nobody), ("CONFIG GET requirepass", Nobody), ("CONFIG SET maxmemory 1", Nobody), ("ACL LIST", Nobody),
        ("CLIENT LIST", Nobody), ("CLIENT KILL TYPE normal", Nobody), ("MONITOR", Nobody), ("SHUTDOWN NOSAVE", Nobody), ("REPLICAOF 127.0.0.1 1", Nobody), ("SAVE", Nobody),
    ];

    public static TheoryData<string> EveryService => [.. Services.All];

    [Theory]
    [Trait("abuse", "85")]
    [MemberData(nameof(EveryService))]
    public async Task A_service_touches_what_is_its_own_and_nothing_else(string service)
    {
        var server = await servers.RedisAsync();
        var settings = ConfigurationOptions.Parse(server.ConnectionStringAt(server.Port, service));
        // Else the library would refuse some of these by itself.
        settings.AllowAdmin = true;
        using var redis = await ConnectionMultiplexer.ConnectAsync(settings);
        foreach (var (command, whose) in Attempts)
            Assert.True(whose.Contains(service) == await MayAsync(redis, command), $"{service}: {command}");
    }

    private static async Task<bool> MayAsync(ConnectionMultiplexer redis, string command)
    {
        var words = command.Split(' ');
        try
        {
            await redis.GetDatabase().ExecuteAsync(words[0], words[1..]);
            return true;
        }
        catch (RedisServerException fault) when (fault.Message.StartsWith("NOPERM", StringComparison.Ordinal))
        {
            return false;
        }
    }
}
